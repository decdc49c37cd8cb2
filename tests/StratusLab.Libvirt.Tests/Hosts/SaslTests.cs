using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

public sealed class SaslTests
{
    [RequiresTheory(Need.LibvirtHost, Need.Sasl)]
    [InlineData("scram-sha-256", "SCRAM-SHA-256")]
    [InlineData("plain", "PLAIN")]
    public async Task Right_password_opens_and_a_wrong_one_is_refused(string mechanism, string name)
    {
        await using var host = await StartAsync(mechanism);
        LibvirtCredentialRequest? asked = null;
        var options = new LibvirtConnectionOptions
        {
            Credentials = (request, _) =>
            {
                asked = request;
                return ValueTask.FromResult<LibvirtCredential?>(new(host.SaslUser, host.SaslPassword));
            },
        };
        await using (var unix = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(host.Uri), options))
            Assert.Equal(host.Name, await unix.Node.GetHostNameAsync());
        Assert.Equal(name, asked?.Mechanism);
        await using (var tls = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(host.TlsUri), options))
            Assert.Equal(host.Name, await tls.Node.GetHostNameAsync());

        var wrong = new LibvirtConnectionOptions { Credentials = (_, _) => ValueTask.FromResult<LibvirtCredential?>(new(host.SaslUser, "not the password")) };
        var refusal = await Assert.ThrowsAsync<LibvirtServerException>(() => LibvirtConnection.OpenAsync(LibvirtUri.Parse(host.Uri), wrong));
        Assert.Equal(LibvirtErrorCode.AuthFailed, refusal.Code);
        Assert.DoesNotContain("not the password", refusal.ToString(), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.Sasl)]
    public async Task Credentials_come_from_a_file_and_none_at_all_is_a_clear_error()
    {
        await using var host = await StartAsync("scram-sha-256");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["auth.conf"], $"[credentials-rig]\nauthname={host.SaslUser}\npassword={host.SaslPassword}\n\n[auth-libvirt-localhost]\ncredentials=rig\n");
        await using (var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse($"{host.Uri}&authfile={folder["auth.conf"]}")))
            Assert.True(libvirt.IsOpen);

        var failure = await Assert.ThrowsAsync<LibvirtConnectionException>(() => LibvirtConnection.OpenAsync(LibvirtUri.Parse(host.Uri)));
        Assert.Contains("user name and password", failure.Message, StringComparison.Ordinal);
    }

    private static Task<LibvirtHost> StartAsync(string mechanism) => LibvirtHost.StartAsync(new LibvirtHostOptions { Sasl = mechanism, Tls = true });
}
