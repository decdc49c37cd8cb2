using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

[Collection("host")]
public sealed class DomainTests(TransportsHost fixture)
{
    [RequiresFact(Need.LibvirtHost)]
    public async Task Domain_lives_its_whole_life_and_events_tell_of_it()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var uuid = Guid.NewGuid();
        await using var events = await libvirt.Events.SubscribeAsync(DomainEventKinds.All, new DomainRef("life", uuid));
        var domain = await libvirt.Domains.DefineAsync(DomainXml("life", uuid));
        Assert.Equal(new DomainRef("life", uuid), domain);
        Assert.Equal(new DomainStatus(DomainState.ShutOff, 0), await libvirt.Domains.GetStateAsync(domain));

        await libvirt.Domains.SetMetadataAsync(domain, DomainMetadataType.Element, "<vm owner='me &amp; you'/>", "s", "urn:test", DomainAffectFlags.Config);
        Assert.Contains("me &amp; you", await libvirt.Domains.GetMetadataAsync(domain, DomainMetadataType.Element, "urn:test"), StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Domains.GetMetadataAsync(domain, DomainMetadataType.Title));
        Assert.Equal(LibvirtErrorCode.NoDomainMetadata, none.Code);
        await libvirt.Domains.SetAutostartAsync(domain, true);
        Assert.True(await libvirt.Domains.GetAutostartAsync(domain));

        domain = await libvirt.Domains.StartAsync(domain, DomainStartFlags.Paused);
        Assert.True(domain.IsActive);
        Assert.Equal(DomainState.Paused, (await libvirt.Domains.GetStateAsync(domain)).State);
        await libvirt.Domains.ResumeAsync(domain);
        var info = await libvirt.Domains.GetInfoAsync(domain);
        Assert.Equal((DomainState.Running, 65_536ul, 1), (info.State, info.MaximumMemory, info.VirtualCpus));
        var statistics = Assert.Single(await libvirt.Domains.GetStatisticsAsync(domains: [domain]));
        Assert.Equal((DomainState.Running, 1, 65_536ul), (statistics.State, statistics.VirtualCpus, statistics.MaximumMemory));
        Assert.True(statistics.CpuTime > 0);
        Assert.Equal(1, statistics.Parameters.GetInt64("block.count"));

        await libvirt.Domains.ResizeBlockAsync(domain, "vda", 3 << 20);
        Assert.Equal(3ul << 20, (await libvirt.Domains.GetBlockInfoAsync(domain, "vda")).Capacity);
        Assert.Null(await libvirt.Domains.GetBlockJobInfoAsync(domain, "vda"));
        Assert.Empty(await libvirt.Domains.GetInterfaceAddressesAsync(domain));
        Assert.Equal(DomainJobType.None, (await libvirt.Migrations.GetJobStatisticsAsync(domain)).Type);
        await libvirt.Domains.AttachDeviceAsync(domain, "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>", DomainDeviceFlags.Config);
        Assert.Contains("/dev/urandom", await libvirt.Domains.GetXmlAsync(domain, DomainXmlFlags.Inactive), StringComparison.Ordinal);
        await libvirt.Domains.DestroyAsync(domain);
        await libvirt.Domains.UndefineAsync(domain);
        var gone = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Domains.LookupByUuidAsync(uuid));
        Assert.Equal(LibvirtErrorCode.NoDomain, gone.Code);

        var changes = new List<DomainLifecycleChange>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var e in events.WithCancellation(limit.Token))
        {
            if (e is not DomainLifecycleEvent lifecycle)
                continue;
            Assert.Equal(uuid, lifecycle.Domain.Uuid);
            changes.Add(lifecycle.Change);
            if (lifecycle.Change == DomainLifecycleChange.Undefined)
                break;
        }

        Assert.Equal(DomainLifecycleChange.Defined, changes[0]);
        Assert.Contains(DomainLifecycleChange.Started, changes);
        Assert.Contains(DomainLifecycleChange.Resumed, changes);
        Assert.Contains(DomainLifecycleChange.Stopped, changes);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Console_shows_what_the_firmware_writes_and_ends_with_the_domain()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var domain = await libvirt.Domains.CreateTransientAsync(DomainXml("console", Guid.NewGuid()), DomainStartFlags.Paused);
        try
        {
            await using var console = await libvirt.Domains.OpenConsoleAsync(domain);
            var taken = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Domains.OpenConsoleAsync(domain, flags: DomainConsoleFlags.Safe));
            Assert.NotNull(taken.Text);
            await libvirt.Domains.ResumeAsync(domain);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var text = "";
            var buffer = new byte[4_096];
            while (!text.Contains("SeaBIOS", StringComparison.Ordinal))
            {
                var count = await console.ReadAsync(buffer, limit.Token);
                Assert.True(count > 0, $"The console ended after: {text}");
                text += System.Text.Encoding.ASCII.GetString(buffer, 0, count);
            }

            await libvirt.Domains.DestroyAsync(domain);
            while (await console.ReadAsync(buffer, limit.Token) > 0)
            {
                // What the firmware wrote last.
            }
        }
        finally
        {
            foreach (var left in await libvirt.Domains.ListAsync(DomainListFlags.Active))
            {
                if (left.Uuid == domain.Uuid)
                    await libvirt.Domains.DestroyAsync(left);
            }
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Snapshot_is_made_listed_reverted_to_and_deleted()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var domain = await libvirt.Domains.DefineAsync(DomainXml("snap", Guid.NewGuid(), "qcow2"));
        var snapshot = await libvirt.Snapshots.CreateAsync(domain, "<domainsnapshot><name>before</name></domainsnapshot>");
        Assert.Equal("before", snapshot.Name);
        Assert.Equal(snapshot, Assert.Single(await libvirt.Snapshots.ListAsync(domain)));
        Assert.Equal(snapshot, await libvirt.Snapshots.LookupByNameAsync(domain, "before"));
        Assert.Contains("<name>before</name>", await libvirt.Snapshots.GetXmlAsync(snapshot), StringComparison.Ordinal);
        await libvirt.Snapshots.RevertAsync(snapshot);
        await libvirt.Snapshots.DeleteAsync(snapshot);
        Assert.Empty(await libvirt.Snapshots.ListAsync(domain));
        await libvirt.Domains.UndefineAsync(domain);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Wrong_xml_is_the_servers_error_in_its_own_words()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var refusal = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Domains.DefineAsync("<domain><unclosed></domain>"));
        Assert.Equal(LibvirtErrorCode.XmlDetail, refusal.Code);
        Assert.Equal(LibvirtErrorDomain.Domain, refusal.Domain);
        Assert.NotNull(refusal.Text);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Host_and_networks_tell_about_themselves()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var node = await libvirt.Node.GetInfoAsync();
        Assert.Equal("x86_64", node.Model);
        Assert.True(node.Memory > 0 && node.Cpus > 0);
        Assert.True(await libvirt.Node.GetFreeMemoryAsync() <= node.Memory * 1024 * 10);
        Assert.True((await libvirt.Node.GetMemoryStatisticsAsync()).Total > 0);
        Assert.True(await libvirt.Node.SupportsFeatureAsync(LibvirtFeature.MigrationParameters));
        Assert.Contains("<capabilities>", await libvirt.Node.GetCapabilitiesAsync(), StringComparison.Ordinal);
        Assert.Contains("<domain>qemu</domain>", await libvirt.Node.GetDomainCapabilitiesAsync(virtualizationType: "qemu"), StringComparison.Ordinal);

        var network = await libvirt.Networks.LookupByNameAsync("default");
        Assert.Contains(network, await libvirt.Networks.ListAsync(NetworkListFlags.Active));
        Assert.True(await libvirt.Networks.IsActiveAsync(network));
        Assert.Equal("virbr0", await libvirt.Networks.GetBridgeNameAsync(network));
        Assert.Empty(await libvirt.Networks.GetDhcpLeasesAsync(network, "52:54:00:ff:ff:ff"));
    }

    private string DomainXml(string name, Guid uuid, string format = "raw")
    {
        var disk = Path.Combine(fixture.Host.PoolFolder, $"{name}.img");
        using (var made = System.Diagnostics.Process.Start("qemu-img", ["create", "-q", "-f", format, disk, "1M"]))
            made.WaitForExit();
        return $"""
            <domain type='qemu'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory><vcpu>1</vcpu>
            <os><type arch='x86_64' machine='pc'>hvm</type><bios useserial='yes'/></os><features><acpi/></features>
            <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
            <disk type='file' device='disk'><driver name='qemu' type='{format}'/><source file='/var/lib/libvirt/images/{name}.img'/><target dev='vda' bus='virtio'/></disk>
            <serial type='pty'/><console type='pty'/></devices></domain>
            """;
    }
}
