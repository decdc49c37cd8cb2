using StratusLab.Core;
using StratusLab.Libvirt;
using StratusLab.Rig;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>A base volume that changed after it was verified: found at the next launch, told, and cured.</summary>
[Collection("kvm host")]
public sealed class ImageIntegrityTests(KvmHost host) : IAsyncLifetime
{
    // REMOTE_PROC_STORAGE_VOL_GET_XML_DESC and _DOWNLOAD of libvirt's remote_protocol.x.
    private const int VolumeXmlDesc = 99;
    private const int VolumeDownload = 209;

    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Other tests find the host without this image's disk, whatever became of it here.</summary>
    public async Task DisposeAsync()
    {
        if (Requirement.WhyNot(Need.LibvirtHost) is not null || Requirement.WhyNot(Need.MicroGuest) is not null) return;
        await using var provider = host.Connect();
        var all = await provider.ListAsync(VmQuery.Managed with { WithAddresses = false }).Select(vm => vm.Id).ToListAsync();
        await provider.DeleteAsync(all, AtOnce).ToListAsync();
        await provider.RemoveImageAsync(host.Micro.Descriptor.DiskDigest);
        Assert.DoesNotContain(Hex, await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_flipped_byte_refuses_the_next_launch_says_why_and_is_cured_beside_vms_that_use_it()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        var running = (await provider.CreateAsync([host.Request("before")]).SingleAsync()).Vm!;
        var damaged = BaseFile();
        FlipByte(damaged);

        foreach (var name in (string[])["refused-1", "refused-2"])
        {
            var error = (await provider.CreateAsync([host.Request(name)]).SingleAsync()).Error;
            Assert.Equal("ImageDamagedOnHost", error?.ErrorId);
            Assert.Contains(host.Micro.Descriptor.DiskDigest, error!.Message, StringComparison.Ordinal);
            Assert.Contains("Remove-StratusImage", error.Message, StringComparison.Ordinal);
        }

        await using var other = host.Connect();
        Assert.Equal("ImageDamagedOnHost", (await Assert.ThrowsAsync<StratusException>(() => other.EnsureImageAsync(host.Micro))).ErrorId);
        Assert.False((await other.VerifyImageAsync(host.Micro.Descriptor.DiskDigest)).IsIntact);
        Assert.Equal(["before"], (await host.LeftAsync()).Domains);

        await other.RemoveImageAsync(host.Micro.Descriptor.DiskDigest);
        var kept = await other.ListImagesAsync().SingleAsync(image => image.DiskDigest == host.Micro.Descriptor.DiskDigest);
        Assert.Equal((false, 1), (kept.IsUsable, kept.UseCount));
        Assert.True(File.Exists(damaged));
        Assert.Equal("ImageNotOnHost", (await provider.CreateAsync([host.Request("gone")]).SingleAsync()).Error?.ErrorId);

        Assert.True((await provider.EnsureImageAsync(host.Micro)).WasSent);
        var made = await provider.CreateAsync([host.Request("after")]).SingleAsync();
        Assert.Null(made.Error);
        Assert.True((await provider.VerifyImageAsync(host.Micro.Descriptor.DiskDigest)).IsIntact);
        Assert.True(File.Exists(damaged));

        // The damaged one goes when nothing uses it any more; the new one is in use.
        Assert.Null((await provider.DeleteAsync([running.Id], AtOnce).SingleAsync()).Error);
        Assert.Equal("ImageInUse", (await Assert.ThrowsAsync<StratusException>(() => provider.RemoveImageAsync(host.Micro.Descriptor.DiskDigest))).ErrorId);
        Assert.Null((await provider.DeleteAsync([made.Id!.Value], AtOnce).SingleAsync()).Error);
        await provider.RemoveImageAsync(host.Micro.Descriptor.DiskDigest);
        Assert.Empty(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex}*"));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_launch_asks_once_about_the_image_and_reads_nothing_however_many_vms_and_owners()
    {
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        Assert.Null((await direct.CreateAsync([host.Request("first")]).SingleAsync()).Error);
        await using var proxy = NewProxy();
        await using var provider = host.Connect(proxy.Uri);
        await provider.InspectAsync();

        // libvirt has given the file to QEMU's user by now, and a copy may have read it.
        await File.ReadAllBytesAsync(BaseFile());
        var before = proxy.Count(VolumeXmlDesc);
        var outcomes = await provider.CreateAsync([.. Enumerable.Range(1, 3).Select(i => host.Request($"many-{i}"))]).ToListAsync();
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal(2, proxy.Count(VolumeXmlDesc) - before);
        Assert.Equal(0, proxy.Count(VolumeDownload));
        Assert.False((await provider.EnsureImageAsync(host.Micro)).WasSent);
        Assert.Equal(0, proxy.Count(VolumeDownload));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Reading_back_leaves_no_connection_behind_however_it_is_ended()
    {
        await using var proxy = NewProxy();
        await using var provider = host.Connect(proxy.Uri);
        await provider.EnsureImageAsync(host.Micro);

        // One for calls; the streams that filled the volume have ended theirs.
        await Poll.UntilAsync("the end of the sending", () => proxy.Open == 1);
        await provider.VerifyImageAsync(host.Micro.Descriptor.DiskDigest);
        await using (await provider.OpenImageAsync(host.Micro.Descriptor.DiskDigest))
        {
            // Not read at all.
        }

        var unread = await provider.OpenImageAsync(host.Micro.Descriptor.DiskDigest);
        unread.Dispose();
        Assert.True(proxy.Accepted > 3, $"{proxy.Accepted} connections");
        await Poll.UntilAsync("the end of the reading", () => proxy.Open == 1);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task The_last_use_moves_on_when_it_was_yesterday()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        async Task<DateTimeOffset?> LastUsedAsync() => (await provider.ListImagesAsync().SingleAsync(image => image.DiskDigest == host.Micro.Descriptor.DiskDigest)).LastUsedAt;
        Assert.Null(await LastUsedAsync());
        Assert.Null((await provider.CreateAsync([host.Request("used-1")]).SingleAsync()).Error);
        var record = Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex}.used"));
        var yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        File.SetLastWriteTimeUtc(record, yesterday.UtcDateTime);
        Assert.InRange((await LastUsedAsync())!.Value, yesterday.AddSeconds(-1), yesterday.AddSeconds(1));
        Assert.Null((await provider.CreateAsync([host.Request("used-2")]).SingleAsync()).Error);
        Assert.InRange((await LastUsedAsync())!.Value, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task What_was_written_anew_with_the_same_bytes_is_read_once_and_used()
    {
        await using var proxy = NewProxy();
        await using var provider = host.Connect(proxy.Uri);
        await provider.EnsureImageAsync(host.Micro);
        File.SetLastWriteTimeUtc(BaseFile(), DateTime.UtcNow.AddMinutes(-1));
        foreach (var name in (string[])["touched-1", "touched-2"])
        {
            Assert.Null((await provider.CreateAsync([host.Request(name)]).SingleAsync()).Error);
            Assert.Equal(1, proxy.Count(VolumeDownload));
        }

        Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex}*.ok"));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_mark_that_does_not_say_what_was_verified_is_not_believed()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        var file = BaseFile();
        var old = Path.ChangeExtension(Path.GetFileName(file), ".ok");
        await UnstampAsync(old);
        Assert.False((await provider.EnsureImageAsync(host.Micro)).WasSent);
        Assert.NotEqual(old, Path.GetFileName(Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex}*.ok"))));

        await UnstampAsync(old);
        FlipByte(file);
        Assert.Equal("ImageDamagedOnHost", (await Assert.ThrowsAsync<StratusException>(() => provider.EnsureImageAsync(host.Micro))).ErrorId);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task What_somebody_cut_short_is_refused_and_what_he_removed_is_sent_anew()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        await using (var file = File.OpenWrite(BaseFile())) file.SetLength(file.Length / 2);
        Assert.Equal("ImageDamagedOnHost", (await Assert.ThrowsAsync<StratusException>(() => provider.EnsureImageAsync(host.Micro))).ErrorId);

        File.Delete(BaseFile());
        Assert.Equal("ImageNotOnHost", (await provider.CreateAsync([host.Request("removed")]).SingleAsync()).Error?.ErrorId);
        Assert.True((await provider.EnsureImageAsync(host.Micro)).WasSent);
        Assert.Null((await provider.CreateAsync([host.Request("sent-anew")]).SingleAsync()).Error);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task An_image_that_is_removed_just_when_it_is_read_back_is_sent_anew()
    {
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        File.SetLastWriteTimeUtc(BaseFile(), DateTime.UtcNow.AddHours(-1));
        await using var proxy = NewProxy();
        var removed = 0;
        proxy.OnCall = async (header, cancel) =>
        {
            if (header.Procedure == VolumeDownload && Interlocked.Exchange(ref removed, 1) == 0) await direct.RemoveImageAsync(host.Micro.Descriptor.DiskDigest, cancel);
            return PacketVerdict.Forward;
        };
        await using var provider = host.Connect(proxy.Uri);
        Assert.True((await provider.EnsureImageAsync(host.Micro)).WasSent);
        Assert.Equal(1, removed);
        Assert.True((await direct.VerifyImageAsync(host.Micro.Descriptor.DiskDigest)).IsIntact);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task An_image_that_is_sent_anew_since_it_was_looked_for_is_not_called_damaged()
    {
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        await using var connection = new HostConnection(new HostDefinition { Name = "node", Uri = host.Host.Uri }, LibvirtUri.Parse(host.Host.Uri));
        var verification = new ImageVerification(connection);
        var libvirt = await connection.GetAsync(CancellationToken.None);
        var pool = await VolumePool.FindAsync(connection, libvirt, CancellationToken.None);
        var seen = (await PoolImages.ReadAsync(libvirt, pool, CancellationToken.None)).Usable(ImageNames.Of(host.Micro.Descriptor.DiskDigest))!;

        // Removed, and a volume of its name claimed by somebody who has sent nothing yet.
        await direct.RemoveImageAsync(host.Micro.Descriptor.DiskDigest);
        await libvirt.Volumes.CreateAsync(pool.Ref, VolumeXml.Raw(seen.Volume, host.Micro.Descriptor.DiskLength, "0444"));
        Assert.False(await verification.CheckAsync(libvirt, pool, seen, CancellationToken.None));
    }

    private string Hex => host.Micro.Descriptor.DiskDigest["sha256:".Length..];

    private string BaseFile() => Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"stratus-image-{Hex}*.qcow2"));

    private LibvirtProxy NewProxy() => new(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));

    private static void FlipByte(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    /// <summary>Puts the mark of an earlier version in the place of the present one.</summary>
    private async Task UnstampAsync(string old)
    {
        File.Move(Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex}*.ok")), Path.Combine(host.Host.PoolFolder, old));
        await host.Host.VirshAsync("pool-refresh", "default");
    }
}
