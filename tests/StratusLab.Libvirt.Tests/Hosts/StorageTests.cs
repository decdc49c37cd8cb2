using System.Security.Cryptography;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

[Collection("host")]
public sealed class StorageTests(TransportsHost fixture)
{
    private const int MiB = 1 << 20;

    [RequiresTheory(Need.LibvirtHost)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Volume_goes_up_and_comes_down_unchanged(bool sparse)
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var pool = await libvirt.Pools.LookupByNameAsync("default");
        var content = new byte[33 * MiB];
        RandomNumberGenerator.Fill(content.AsSpan(0, 9 * MiB));
        RandomNumberGenerator.Fill(content.AsSpan(20 * MiB, 777));
        var volume = await libvirt.Volumes.CreateAsync(pool, VolumeXml($"upload-{sparse}.raw", 33 * MiB));
        Assert.Equal(volume, await libvirt.Volumes.LookupByPathAsync(await libvirt.Volumes.GetPathAsync(volume)));
        Assert.Contains(volume, await libvirt.Volumes.ListAsync(pool));

        var options = new VolumeTransferOptions { Sparse = sparse };
        Assert.Equal(content.Length, await libvirt.Volumes.UploadAsync(volume, new MemoryStream(content), options));
        var info = await libvirt.Volumes.GetInfoAsync(volume);
        Assert.Equal((StorageVolumeType.File, (ulong)content.Length), (info.Type, info.Capacity));
        Assert.True(!sparse || info.Allocation < 12 * MiB, $"{info.Allocation} bytes are allocated");

        using var down = new MemoryStream();
        Assert.Equal(content.Length, await libvirt.Volumes.DownloadAsync(volume, down, options));
        Assert.True(content.AsSpan().SequenceEqual(down.GetBuffer().AsSpan(0, (int)down.Length)));

        await using (var part = await libvirt.Volumes.OpenDownloadAsync(volume, new VolumeTransferOptions { Offset = 20 * MiB, Length = 777 }))
        {
            using var bytes = new MemoryStream();
            await part.CopyToAsync(bytes);
            Assert.Equal(content.AsSpan(20 * MiB, 777).ToArray(), bytes.ToArray());
        }

        await libvirt.Volumes.DeleteAsync(volume);
        var gone = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Volumes.LookupByNameAsync(pool, volume.Name));
        Assert.Equal(LibvirtErrorCode.NoStorageVol, gone.Code);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Calls_are_answered_while_streams_end_beside_them()
    {
        // libvirtd, when it takes the end of a stream, can lose the reply that another call gets at that moment on the same connection.
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var pool = await libvirt.Pools.LookupByNameAsync("default");
        using var stop = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 16).Select(_ => Task.Run(CallAsync)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(UploadAsync)).WaitAsync(TimeSpan.FromMinutes(2));
        await stop.CancelAsync();
        await Task.WhenAll(calls);

        async Task UploadAsync(int uploader)
        {
            var volume = await libvirt.Volumes.CreateAsync(pool, VolumeXml($"ending-{uploader}.raw", 1));
            for (var i = 0; i < 1000; i++) await libvirt.Volumes.UploadAsync(volume, new MemoryStream([1, 2, 3])).WaitAsync(TimeSpan.FromSeconds(20));
            await libvirt.Volumes.DeleteAsync(volume);
        }

        async Task CallAsync()
        {
            while (!stop.IsCancellationRequested) await libvirt.Pools.GetXmlAsync(pool).WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Disk_that_fills_while_uploading_is_the_servers_error_and_the_connection_goes_on()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var pool = await libvirt.Pools.LookupByNameAsync("small");
        var volume = await libvirt.Volumes.CreateAsync(pool, VolumeXml("full.raw", 64 * MiB));
        var failure = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Volumes.UploadAsync(volume, new EndlessStream()));
        Assert.Contains("No space left", failure.Text, StringComparison.Ordinal);
        await libvirt.Volumes.DeleteAsync(volume);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Cancelled_upload_and_download_leave_the_connection_alone()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var pool = await libvirt.Pools.LookupByNameAsync("default");
        var volume = await libvirt.Volumes.CreateAsync(pool, VolumeXml("cancelled.raw", 512 * MiB));
        using var cancel = new CancellationTokenSource();
        var progress = new Reached(4 * MiB, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            libvirt.Volumes.UploadAsync(volume, new EndlessStream(), new VolumeTransferOptions { Progress = progress }, cancel.Token));
        await using (var download = await libvirt.Volumes.OpenDownloadAsync(volume))
            Assert.Equal(100, await download.ReadAtLeastAsync(new byte[100], 100));
        Assert.Equal(fixture.Host.Name, await libvirt.Node.GetHostNameAsync());
        await libvirt.Volumes.DeleteAsync(volume);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Pool_is_made_used_and_removed()
    {
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(fixture.Host.Uri));
        var pool = await libvirt.Pools.DefineAsync("<pool type='dir'><name>made</name><target><path>/var/lib/libvirt/made</path></target></pool>");
        await libvirt.Pools.BuildAsync(pool);
        await libvirt.Pools.StartAsync(pool);
        await libvirt.Pools.SetAutostartAsync(pool, true);
        await libvirt.Pools.RefreshAsync(pool);
        var info = await libvirt.Pools.GetInfoAsync(pool);
        Assert.Equal(StoragePoolState.Running, info.State);
        Assert.True(info.Capacity > 0 && info.Available <= info.Capacity);
        Assert.Contains("<name>made</name>", await libvirt.Pools.GetXmlAsync(pool), StringComparison.Ordinal);
        Assert.Equal(pool, await libvirt.Pools.LookupByUuidAsync(pool.Uuid));

        var volume = await libvirt.Volumes.CreateAsync(pool, VolumeXml("a.raw", MiB));
        var clone = await libvirt.Volumes.CloneAsync(pool, VolumeXml("b.raw", MiB), volume);
        await libvirt.Volumes.ResizeAsync(clone, 2 * MiB);
        Assert.Equal(2ul * MiB, (await libvirt.Volumes.GetInfoAsync(clone)).Capacity);
        var exists = await Assert.ThrowsAsync<LibvirtServerException>(() => libvirt.Volumes.CreateAsync(pool, VolumeXml("a.raw", MiB)));
        Assert.Equal(LibvirtErrorCode.StorageVolExist, exists.Code);
        foreach (var each in await libvirt.Volumes.ListAsync(pool))
            await libvirt.Volumes.DeleteAsync(each);

        await libvirt.Pools.StopAsync(pool);
        await libvirt.Pools.DeleteAsync(pool);
        await libvirt.Pools.UndefineAsync(pool);
        Assert.DoesNotContain(pool, await libvirt.Pools.ListAsync());
    }

    private static string VolumeXml(string name, long bytes) =>
        $"<volume><name>{name}</name><capacity unit='bytes'>{bytes}</capacity><allocation>0</allocation><target><format type='raw'/></target></volume>";

    private sealed class Reached(long bytes, CancellationTokenSource cancel) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value >= bytes)
                cancel.Cancel();
        }
    }
}
