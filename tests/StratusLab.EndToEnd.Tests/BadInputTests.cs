using System.Net;
using System.Security.Cryptography;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Hosts, sign-ins and disks that are not as they should be: one clear error, nothing half-made, and the others go on.</summary>
[Collection(OddHostCollection.Name)]
public sealed class BadInputTests(OddHosts hosts) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bad-input-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_socket_that_is_not_there_is_named()
    {
        var error = await RefusedAsync("qemu+unix:///system?socket=/nowhere/libvirt-sock");
        Assert.Equal(("HostUnreachable", StratusErrorKind.Connection), (error.ErrorId, error.Kind));
        Assert.Contains("/nowhere/libvirt-sock", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestState.NotSent, Assert.IsType<HostConnectionException>(error).RequestState);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_server_of_another_authority_is_not_trusted()
    {
        var other = CertificateFolder.Create(_folder.FullName, IPAddress.Loopback, "elsewhere");
        foreach (var file in (string[])["clientcert.pem", "clientkey.pem"])
            File.Copy(Path.Combine(hosts.Host.Certificates.Client, file), Path.Combine(other.Client, file), overwrite: true);

        var error = await RefusedAsync($"qemu+tls://{hosts.Host.Address}/system?pkipath={other.Client}");

        Assert.Equal(("HostCertificateRejected", StratusErrorKind.Connection), (error.ErrorId, error.Kind));
        Assert.Contains("is not trusted", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh)]
    public async Task An_ssh_key_that_is_refused_is_told_in_the_words_of_ssh()
    {
        var stranger = Path.Combine(_folder.FullName, "stranger");
        await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger]);

        var error = await RefusedAsync($"qemu+ssh://root@{hosts.Host.Address}/system?no_tty=1&no_verify=1&keyfile={stranger}");

        Assert.Contains("Permission denied", error.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.Sasl)]
    public async Task A_wrong_password_is_refused_and_not_shown()
    {
        await using var host = await LibvirtHost.StartAsync(new LibvirtHostOptions { Sasl = "scram-sha-256" });
        var file = Path.Combine(_folder.FullName, "auth.conf");
        await File.WriteAllTextAsync(file, $"[credentials-rig]\nauthname={host.SaslUser}\npassword=hunter2\n\n[auth-libvirt-localhost]\ncredentials=rig\n");

        var error = await RefusedAsync($"{host.Uri}&authfile={file}");

        Assert.Equal(("HostAuthenticationFailed", StratusErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
        Assert.Contains("password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_pool_that_is_not_there_is_named_with_what_to_do()
    {
        var error = await RefusedAsync(hosts.Host.Uri, pool: "nowhere");
        Assert.Contains("'nowhere'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'default'", error.Message, StringComparison.Ordinal);
        Assert.Contains("pool-define-as", error.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_pool_that_is_full_by_now_fails_its_own_vm_and_no_other()
    {
        var (small, other) = (hosts.Hosts[0], hosts.Hosts[1]);
        await using var test = await TestSite.OpenAsync();
        await test.Site.Hosts.AddAsync(new HostDefinition { Name = "small", Uri = small.Uri, Accelerator = Accelerator.Tcg, Pool = "small" });
        await test.Site.Hosts.AddAsync(new HostDefinition { Name = "other", Uri = other.Uri, Accelerator = Accelerator.Tcg });
        await test.Site.Images.PublishAsync(new ImagePublication { Path = WriteDisk(), Name = "noise", Version = "1" });
        var plan = await test.Site.Vms.PlanAsync(new VmSpecification { Image = "noise:1", Names = ["filler-1", "filler-2"], Cpu = 1, Memory = ByteSize.FromMiB(64), Placement = PlacementPolicy.Spread });
        Assert.Empty(plan.Refused);
        Assert.Equal(["other", "small"], plan.Vms.Select(vm => vm.Host).Order(StringComparer.Ordinal));

        // There was room when it was planned.
        await small.RunAsync("sh", ["-c", "dd if=/dev/zero of=/var/lib/libvirt/small/filler bs=1M count=20 status=none"]);
        try
        {
            var outcomes = new List<VmOutcome>();
            await foreach (var outcome in test.Site.Vms.CreateAsync(plan.Vms)) outcomes.Add(outcome);

            Assert.Equal("other", TestSite.Succeeded(Assert.Single(outcomes, outcome => outcome.Succeeded)).Host);
            var error = Assert.Single(outcomes, outcome => !outcome.Succeeded).Error!;
            Assert.Equal(("PoolFull", StratusErrorKind.NoCapacity), (error.ErrorId, error.Kind));
            Assert.Contains("'small'", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, await test.CountOpenIntentsAsync());
            await small.VirshAsync("pool-refresh", "small");
            Assert.DoesNotContain("stratus", await small.VirshAsync("vol-list", "small"), StringComparison.Ordinal);
            Assert.Empty((await TestSite.LeftOnAsync(small)).Domains);
        }
        finally
        {
            await small.RunAsync("rm", ["/var/lib/libvirt/small/filler"]);
        }
    }

    /// <summary>Registers a host that must be refused, and sees that it is not registered.</summary>
    private static async Task<StratusException> RefusedAsync(string uri, string pool = "default")
    {
        await using var test = await TestSite.OpenAsync();
        var error = await Assert.ThrowsAnyAsync<StratusException>(
            () => test.Site.Hosts.AddAsync(new HostDefinition { Name = "odd", Uri = uri, Accelerator = Accelerator.Tcg, Pool = pool }));
        Assert.Equal("odd", error.Resource);
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
        await foreach (var host in test.Site.Hosts.ListAsync()) Assert.Fail($"{host.Name} was registered.");
        return error;
    }

    // Random, so that there are no holes; with a boot sector that begins with a jump, so that it passes for a disk and never for anything else.
    private string WriteDisk()
    {
        var disk = RandomNumberGenerator.GetBytes(6 << 20);
        disk[0] = 0xEB;
        disk.AsSpan(446, 64).Clear();
        (disk[510], disk[511]) = (0x55, 0xAA);
        var path = Path.Combine(_folder.FullName, "noise.raw");
        File.WriteAllBytes(path, disk);
        return path;
    }
}
