using System.Security.Cryptography;
using StratusLab.Core;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>Each of these is one clear error, other VMs go on, and nothing half-made stays.</summary>
[Collection("kvm host")]
public sealed class RefusalTests(KvmHost host)
{
    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task One_bad_request_does_not_stop_the_others()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        VmRequest[] batch =
        [
            host.Request("good-1"),
            host.Request("good-1"),
            host.Request("bad name <x>"),
            host.Request("bad-disk") with { Disk = ByteSize.FromMiB(64) },
            host.Request("bad-network") with { Networks = ["nowhere"] },
            host.Request("bad-image") with { Image = host.Micro.Descriptor with { DiskDigest = "sha256:" + new string('0', 64) } },
            host.Request("bad-label") with { Labels = new Dictionary<string, string> { ["x"] = "\u0001" } },
            host.Request("bad-machine") with { Cpu = 10_000 },
        ];
        var outcomes = await provider.CreateAsync(batch).ToListAsync();
        Assert.Equal(batch.Length, outcomes.Count);
        string? ErrorOf(int index) => outcomes.Single(o => o.RequestId == batch[index].RequestId).Error?.ErrorId;
        Assert.Single(new[] { ErrorOf(0), ErrorOf(1) }, id => id is null);
        Assert.Single(new[] { ErrorOf(0), ErrorOf(1) }, id => id == "VmNameTaken");
        Assert.Equal("InvalidName", ErrorOf(2));
        Assert.Equal("DiskTooSmall", ErrorOf(3));
        Assert.Equal("NetworkNotFound", ErrorOf(4));
        Assert.Equal("ImageNotOnHost", ErrorOf(5));
        Assert.Equal("InvalidCharacters", ErrorOf(6));
        Assert.NotNull(ErrorOf(7));

        var taken = await provider.CreateAsync([host.Request("good-1")]).SingleAsync();
        Assert.Equal("VmNameTaken", taken.Error?.ErrorId);
        Assert.Equal(StratusErrorKind.AlreadyExists, taken.Error?.Kind);

        var good = outcomes.Single(o => o.Succeeded);
        var again = await provider.CreateAsync([batch.Single(r => r.RequestId == good.RequestId)]).SingleAsync();
        Assert.Equal(good.Id, again.Vm?.Id);
        var (_, volumes) = await host.LeftAsync();
        Assert.Equal(3, volumes.Length);
        await provider.DeleteAsync([good.Id!.Value], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
        Assert.Empty((await host.LeftAsync()).Volumes);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task What_others_made_is_never_changed()
    {
        const string Xml = "<domain type='qemu'><name>foreign</name><uuid>0f0e0d0c-0b0a-4908-8706-050403020100</uuid><memory unit='MiB'>32</memory><os><type>hvm</type></os></domain>";
        var file = Path.Combine(host.Host.Folder, "foreign.xml");
        await File.WriteAllTextAsync(file, Xml);
        await host.Host.VirshAsync("define", file);
        try
        {
            await using var provider = host.Connect();
            var id = new VmId("node", "0f0e0d0c-0b0a-4908-8706-050403020100");
            Assert.Equal("VmNotManaged", (await provider.DeleteAsync([id], new DeleteOptions { Force = true }).SingleAsync()).Error?.ErrorId);
            Assert.Equal("VmNotManaged", (await provider.ChangePowerAsync([id], PowerAction.Start).SingleAsync()).Error?.ErrorId);
            Assert.Equal("VmNotManaged", (await Assert.ThrowsAsync<StratusException>(() => provider.UpdateAsync(id, new VmChange { Labels = new Dictionary<string, string>() }))).ErrorId);
            Assert.Empty(await provider.ListAsync(VmQuery.Managed with { Names = ["foreign"] }).ToListAsync());
            Assert.False((await provider.ListAsync(VmQuery.Managed with { Names = ["foreign"], IncludeUnmanaged = true }).SingleAsync()).IsManaged);
            Assert.Contains("foreign", await host.Host.VirshAsync("list", "--all", "--name"), StringComparison.Ordinal);
        }
        finally
        {
            await host.Host.VirshAsync("undefine", "foreign");
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_pool_that_is_not_there_is_named_with_those_that_are()
    {
        await using var provider = host.Connect(pool: "nowhere");
        var error = await Assert.ThrowsAsync<HostRefusedException>(async () => await provider.CreateAsync([Requests.One("x")]).ToListAsync());
        Assert.Equal("PoolNotFound", error.ErrorId);
        Assert.Contains("'default'", error.Message, StringComparison.Ordinal);
        var status = await provider.InspectAsync();
        Assert.Equal(HostHealth.Degraded, status.Health);
        Assert.Contains("nowhere", status.Problem, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_pool_that_fills_while_an_image_is_sent_keeps_nothing_of_it()
    {
        // Raw, so that the size is not refused beforehand; random, so that there are no holes.
        var file = Path.Combine(host.Host.Folder, "large.raw");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(40 << 20));
        var image = new FileImage(file, await FileImage.DescribeAsync("large", file, DiskFormat.Raw, ByteSize.FromMiB(40)));
        await using var provider = host.Connect(pool: "small");
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => provider.EnsureImageAsync(image));
        Assert.Equal("PoolFull", error.ErrorId);
        Assert.Equal(StratusErrorKind.NoCapacity, error.Kind);
        Assert.Contains("'small'", error.Message, StringComparison.Ordinal);
        await host.Host.VirshAsync("pool-refresh", "small");
        Assert.DoesNotContain("stratus", await host.Host.VirshAsync("vol-list", "small"), StringComparison.Ordinal);

        var large = new FileImage(file, image.Descriptor with { Format = DiskFormat.Qcow2 });
        Assert.Equal("PoolFull", (await Assert.ThrowsAnyAsync<StratusException>(() => provider.EnsureImageAsync(large))).ErrorId);
        File.Delete(file);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task An_image_that_is_not_what_was_published_is_not_kept()
    {
        var file = Path.Combine(host.Host.Folder, "changed.raw");
        await File.WriteAllBytesAsync(file, new byte[1 << 20]);
        var image = new FileImage(file, await FileImage.DescribeAsync("changed", file, DiskFormat.Raw, ByteSize.FromMiB(1)));
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(1 << 20));
        await using var provider = host.Connect();
        Assert.Equal("ImageCorrupt", (await Assert.ThrowsAsync<StratusException>(() => provider.EnsureImageAsync(image))).ErrorId);
        Assert.DoesNotContain(image.Descriptor.DiskDigest[7..], await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_guest_that_does_not_shut_down_is_kept_unless_forced()
    {
        // A disk of zeros boots nothing and hears no power button.
        var file = Path.Combine(host.Host.Folder, "empty.raw");
        await File.WriteAllBytesAsync(file, new byte[1 << 20]);
        var image = new FileImage(file, await FileImage.DescribeAsync("empty", file, DiskFormat.Raw, ByteSize.FromMiB(1)));
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(image);
        var created = await provider.CreateAsync([host.Request("deaf") with { Image = image.Descriptor }]).SingleAsync();
        Assert.Null(created.Error);
        var id = created.Id!.Value;
        var kept = await provider.DeleteAsync([id], new DeleteOptions { ShutdownTimeout = TimeSpan.FromSeconds(1) }).SingleAsync();
        Assert.Equal("VmShutdownTimeout", kept.Error?.ErrorId);
        Assert.Equal(VmState.Running, (await provider.ListAsync(new VmQuery { Keys = [id.Key] }).SingleAsync()).State);
        Assert.Equal("ImageInUse", (await Assert.ThrowsAsync<StratusException>(() => provider.RemoveImageAsync(image.Descriptor.DiskDigest))).ErrorId);
        Assert.Null((await provider.DeleteAsync([id], new DeleteOptions { ShutdownTimeout = TimeSpan.FromSeconds(1), Force = true }).SingleAsync()).Error);
        await provider.RemoveImageAsync(image.Descriptor.DiskDigest);
        Assert.DoesNotContain(image.Descriptor.DiskDigest[7..], await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }
}
