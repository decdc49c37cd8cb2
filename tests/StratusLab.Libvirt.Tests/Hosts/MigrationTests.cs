using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

public sealed class MigrationTests
{
    private const MigrationFlags Live = MigrationFlags.Live | MigrationFlags.PersistDestination | MigrationFlags.UndefineSource;

    [RequiresFact(Need.LibvirtHost)]
    public async Task Running_domain_moves_and_a_migration_that_fails_leaves_it_where_it_was()
    {
        var hosts = await Task.WhenAll(LibvirtHost.StartAsync(), LibvirtHost.StartAsync());
        await using var first = hosts[0];
        await using var second = hosts[1];
        var (_, there) = await first.JoinAsync(second);
        await using var source = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(first.Uri));
        await using var target = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(second.Uri));
        var domain = await source.Domains.StartAsync(await source.Domains.DefineAsync("""
            <domain type='qemu'><name>mover</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
            <os><type arch='x86_64' machine='pc'>hvm</type></os>
            <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><serial type='pty'/></devices></domain>
            """));

        var nowhere = new[] { TypedParameter.String(MigrationParameters.Uri, "tcp://127.0.0.1:1") };
        await Assert.ThrowsAsync<LibvirtServerException>(() => source.Migrations.MigrateAsync(domain, target, Live, nowhere));
        Assert.Equal(DomainState.Running, (await source.Domains.GetStateAsync(domain)).State);
        Assert.Empty(await target.Domains.ListAsync());

        var moved = await source.Migrations.MigrateAsync(domain, target, Live, [TypedParameter.String(MigrationParameters.Uri, $"tcp://{there}:49200")]);
        Assert.Equal(domain.Uuid, moved.Uuid);
        Assert.True(moved.IsActive);
        Assert.Equal(DomainState.Running, (await target.Domains.GetStateAsync(moved)).State);
        Assert.Empty(await source.Domains.ListAsync());
        await target.Domains.DestroyAsync(moved);
        await target.Domains.UndefineAsync(moved);
    }
}
