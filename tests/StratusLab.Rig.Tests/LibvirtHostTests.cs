using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Rig.Tests;

public sealed class LibvirtHostTests
{
    [RequiresFact(Need.LibvirtHost, Need.Ssh)]
    public async Task Answers_on_every_transport_and_leaves_nothing()
    {
        string folder, link;
        await using (var host = await LibvirtHost.StartAsync(new() { Tls = true, Tcp = true, Ssh = true, SmallPoolMegabytes = 8 }))
        {
            (folder, link) = (host.Folder, host.Name);
            foreach (var uri in (string[])[host.Uri, host.TlsUri, host.TcpUri, host.SshUri])
            {
                var pools = await Command.RunAsync("virsh", ["-q", "-c", uri, "pool-list", "--name"]);
                Assert.Equal(["default", "small"], pools.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()));
            }
            Assert.Contains("8.00 MiB", await host.VirshAsync("pool-info", "small"), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists("/sys/class/net/" + link));
    }

    [RequiresTheory(Need.LibvirtHost, Need.Sasl)]
    [InlineData("scram-sha-256")]
    [InlineData("plain")]
    public async Task Asks_for_a_user_and_a_password(string mechanism)
    {
        await using var host = await LibvirtHost.StartAsync(new() { Tls = true, Sasl = mechanism });
        foreach (var uri in (string[])[host.Uri, host.TlsUri])
        {
            Assert.Equal("default", (await ListAsync(uri, host.SaslPassword)).Output.Trim());
            Assert.NotEqual(0, (await ListAsync(uri, "wrong")).Code);
        }

        async Task<(int Code, string Output, string Error)> ListAsync(string uri, string password)
        {
            var file = Path.Combine(host.Folder, "auth.conf");
            await File.WriteAllTextAsync(file,
                $"[credentials-rig]\nauthname={host.SaslUser}\nusername={host.SaslUser}\npassword={password}\n[auth-libvirt-default]\ncredentials=rig\n");
            var withFile = uri + (uri.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "authfile=" + file;
            return await Command.TryAsync("virsh", ["-q", "-c", withFile, "pool-list", "--name"]);
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Libvirtd_can_be_killed_and_started_again()
    {
        await using var host = await LibvirtHost.StartAsync();
        await host.KillLibvirtdAsync();
        Assert.NotEqual(0, (await Command.TryAsync("virsh", ["-q", "-c", host.Uri, "list"])).Code);

        await host.StartLibvirtdAsync();
        Assert.Contains("active", await host.VirshAsync("net-list"), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_test_driver_node_has_as_many_domains_as_asked()
    {
        await using var host = await LibvirtHost.StartAsync();
        var uri = await TestDriverNode.WriteAsync(host, 500, number => $"<x:vm xmlns:x='urn:rig'>{number}</x:vm>");

        var names = await Command.RunAsync("virsh", ["-q", "-c", uri, "list", "--all", "--name"]);

        Assert.Equal(500, names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("urn:rig", await Command.RunAsync("virsh", ["-c", uri, "dumpxml", "vm-0500"]), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.IsoTools, Need.Ssh)]
    public async Task A_running_guest_moves_to_a_joined_host()
    {
        await using var first = await LibvirtHost.StartAsync();
        await using var second = await LibvirtHost.StartAsync();
        var (_, theirs) = await first.JoinAsync(second);
        await Guest.StartAsync(first, "mover", await GuestImages.MicroAsync(), "#cloud-config\n{}\n");
        await Guest.AddressAsync(first, "mover");
        foreach (var file in Directory.EnumerateFiles(first.PoolFolder, "mover*"))
            File.Copy(file, Path.Combine(second.PoolFolder, Path.GetFileName(file)));

        await first.VirshAsync("migrate", "--live", "--unsafe", "mover", second.Uri, "--migrateuri", $"tcp://{theirs}:49152");

        Assert.Contains("running", await second.VirshAsync("domstate", "mover"), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_proxy_counts_delays_and_cuts()
    {
        const int ConnectOpen = 1;
        const int ConnectListAllDomains = 273;
        await using var host = await LibvirtHost.StartAsync();
        await using var proxy = new LibvirtProxy(host.Socket, Path.Combine(host.Folder, "proxy"), TimeSpan.FromMilliseconds(40));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, (await ListAsync()).Code);
        Assert.True(clock.Elapsed > TimeSpan.FromMilliseconds(40 * 3), "at least three round trips were delayed");
        Assert.Equal(1, proxy.Count(ConnectOpen));
        Assert.Equal(1, proxy.Count(ConnectListAllDomains));

        proxy.OnReply = (packet, _) => new(packet.Procedure == ConnectListAllDomains ? PacketVerdict.Cut : PacketVerdict.Forward);
        Assert.NotEqual(0, (await ListAsync()).Code);
        Assert.Equal(2, proxy.Count(ConnectListAllDomains));

        Task<(int Code, string Output, string Error)> ListAsync() => Command.TryAsync("virsh", ["-q", "-c", proxy.Uri, "list", "--all"]);
    }
}
