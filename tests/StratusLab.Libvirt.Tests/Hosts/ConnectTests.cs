using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

[Collection("host")]
public sealed class ConnectTests(TransportsHost fixture)
{
    private LibvirtHost Host => fixture.Host;

    [RequiresFact(Need.LibvirtHost)]
    public async Task Unix_socket_opens_and_names_the_host()
    {
        await using var libvirt = await OpenAsync(Host.Uri);
        Assert.Equal(Host.Name, await libvirt.Node.GetHostNameAsync());
        Assert.Equal("qemu:///system", await libvirt.Node.GetUriAsync());
        Assert.True(libvirt.ServerVersion >= new Version(9, 0, 0), libvirt.ServerVersion.ToString());
        Assert.True(libvirt.IsOpen);
        Assert.Null(libvirt.Failure);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tcp_opens()
    {
        await using var libvirt = await OpenAsync(Host.TcpUri);
        Assert.Equal(Host.Name, await libvirt.Node.GetHostNameAsync());
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tls_opens_with_the_client_certificate()
    {
        await using var libvirt = await OpenAsync(Host.TlsUri);
        Assert.Equal(Host.Name, await libvirt.Node.GetHostNameAsync());
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tls_without_a_client_certificate_says_that_the_server_wants_one()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Host.Certificates.Client, "cacert.pem"), folder["cacert.pem"]);
        var failure = await RefusedAsync($"qemu+tls://{Host.Address}/system?pkipath={folder.Path}");
        Assert.Contains("wants a client certificate", failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder["clientcert.pem"], failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tls_with_a_client_certificate_of_another_authority_is_refused_by_the_server()
    {
        using var folder = new TemporaryFolder();
        var other = CertificateFolder.Create(folder.Path, System.Net.IPAddress.Loopback, "elsewhere");
        File.Copy(Path.Combine(Host.Certificates.Client, "cacert.pem"), Path.Combine(other.Client, "cacert.pem"), overwrite: true);
        var failure = await RefusedAsync($"qemu+tls://{Host.Address}/system?pkipath={other.Client}");
        Assert.Contains("refused the client certificate", failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tls_refuses_a_server_of_another_authority_unless_told_not_to_verify()
    {
        using var folder = new TemporaryFolder();
        var other = CertificateFolder.Create(folder.Path, System.Net.IPAddress.Loopback, "elsewhere");
        foreach (var file in (string[])["clientcert.pem", "clientkey.pem"])
            File.Copy(Path.Combine(Host.Certificates.Client, file), Path.Combine(other.Client, file), overwrite: true);
        var failure = await RefusedAsync($"qemu+tls://{Host.Address}/system?pkipath={other.Client}");
        Assert.Contains("is not trusted", failure.Message, StringComparison.Ordinal);

        await using var libvirt = await OpenAsync($"qemu+tls://{Host.Address}/system?pkipath={other.Client}&no_verify=1");
        Assert.Equal(Host.Name, await libvirt.Node.GetHostNameAsync());
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tls_refuses_a_name_that_the_certificate_does_not_bear()
    {
        // The same daemon under its loopback name, which a relay inside the test gives it.
        await using var relay = new PortRelay(Host.Address, 16514);
        await using (var named = await OpenAsync($"qemu+tls://localhost:{relay.Port}/system?pkipath={Host.Certificates.Client}"))
            Assert.True(named.IsOpen);
        var failure = await RefusedAsync($"qemu+tls://127.0.0.1:{relay.Port}/system?pkipath={Host.Certificates.Client}");
        Assert.Contains("is not for host 127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Tls_refuses_a_revoked_server()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Host.Certificates.Client))
            File.Copy(file, folder[Path.GetFileName(file)]);
        using var server = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Host.Certificates.Server, "servercert.pem"));
        using var key = RSA.Create(2048);
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(server.SerialNumberBytes.Span);
        var crl = list.Build(
            server.IssuerName, generator: X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), 1, DateTimeOffset.UtcNow.AddDays(1),
            HashAlgorithmName.SHA256, X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new byte[20]));
        await File.WriteAllTextAsync(folder["cacrl.pem"], PemEncoding.WriteString("X509 CRL", crl));
        var failure = await RefusedAsync($"qemu+tls://{Host.Address}/system?pkipath={folder.Path}");
        Assert.Contains("revoked", failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh)]
    public async Task Ssh_opens_through_the_helper_or_netcat()
    {
        await using var libvirt = await OpenAsync(Host.SshUri + "&no_tty=1");
        Assert.Equal(Host.Name, await libvirt.Node.GetHostNameAsync());
    }

    [RequiresTheory(Need.LibvirtHost, Need.Ssh)]
    [InlineData("&proxy=netcat")]
    [InlineData("&proxy=native")]
    [InlineData("&netcat=nc")]
    [InlineData("&mode=legacy&proxy=netcat")]
    public async Task Ssh_opens_by_the_way_that_the_uri_names(string parameters)
    {
        await using var libvirt = await OpenAsync(Host.SshUri + "&no_tty=1" + parameters);
        Assert.Equal(Host.Name, await libvirt.Node.GetHostNameAsync());
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh)]
    public async Task Ssh_failure_tells_what_ssh_said()
    {
        using var folder = new TemporaryFolder();
        await Rig.Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder["stranger"]]);
        var failure = await RefusedAsync($"qemu+ssh://root@{Host.Address}/system?no_tty=1&no_verify=1&keyfile={folder["stranger"]}");
        Assert.Contains("Permission denied", failure.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh)]
    public async Task Ssh_does_not_let_a_uri_run_commands()
    {
        var trace = Path.Combine(Host.Folder, "injected");
        var failure = await RefusedAsync(Host.SshUri + "&no_tty=1&netcat=" + Uri.EscapeDataString($"nc'; touch {trace}; echo '"));
        Assert.NotNull(failure);
        Assert.False(File.Exists(trace));
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Read_only_connection_reads_and_the_server_refuses_changes()
    {
        var uri = LibvirtUri.Parse(LibvirtHost.UriFor(Host.ReadOnlySocket));
        await using var libvirt = await LibvirtConnection.OpenAsync(uri, new LibvirtConnectionOptions { ReadOnly = true });
        Assert.NotEmpty(await libvirt.Networks.ListAsync());
        var refusal = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Networks.StopAsync(new NetworkRef("default", Guid.NewGuid())));
        Assert.Equal(LibvirtErrorCode.OperationDenied, refusal.Code);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Source_hands_out_one_connection_and_opens_another_when_the_daemon_was_restarted()
    {
        await using var host = await LibvirtHost.StartAsync();
        await using var source = new LibvirtConnectionSource(LibvirtUri.Parse(host.Uri));
        var first = await source.GetAsync();
        Assert.Same(first, (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => source.GetAsync().AsTask())))[3]);

        await host.KillLibvirtdAsync();
        await first.Closed.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.IsType<LibvirtConnectionException>(first.Failure);
        var refused = await Assert.ThrowsAsync<LibvirtConnectionException>(() => source.GetAsync().AsTask());
        Assert.Equal(RequestState.NotSent, refused.RequestState);

        await host.StartLibvirtdAsync();
        var second = await source.GetAsync();
        Assert.NotSame(first, second);
        Assert.Equal(host.Name, await second.Node.GetHostNameAsync());
    }

    private static Task<LibvirtConnection> OpenAsync(string uri) => LibvirtConnection.OpenAsync(LibvirtUri.Parse(uri));

    private static Task<LibvirtConnectionException> RefusedAsync(string uri) => Assert.ThrowsAsync<LibvirtConnectionException>(() => OpenAsync(uri));
}
