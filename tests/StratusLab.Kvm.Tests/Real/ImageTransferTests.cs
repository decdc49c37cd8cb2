using System.Security.Cryptography;
using StratusLab.Core;
using StratusLab.Libvirt;
using StratusLab.Rig;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>The same image from two senders: at once, and after one has died.</summary>
[Collection("kvm host")]
public sealed class ImageTransferTests(KvmHost host)
{
    // REMOTE_PROC_STORAGE_POOL_LIST_ALL_VOLUMES of libvirt's remote_protocol.x.
    private const int VolumeList = 282;

    private const int Length = 8 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [RequiresFact(Need.LibvirtHost)]
    public async Task Two_senders_at_once_send_it_once()
    {
        var image = new GatedImage(Length);
        image.Open();
        await using var first = host.Connect();
        await using var second = host.Connect();
        var both = await Task.WhenAll(first.EnsureImageAsync(image), second.EnsureImageAsync(image)).WaitAsync(Patience);
        Assert.Single(both, sent => sent.WasSent);
        await AssertThereAsync(first, image);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task What_a_sender_left_that_died_halfway_is_replaced()
    {
        var image = new GatedImage(Length);
        var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));
        await using (var dying = host.Connect(proxy.Uri))
        {
            var sending = dying.EnsureImageAsync(image);
            await image.HalfRead.WaitAsync(Patience);
            await proxy.DisposeAsync();
            image.Open();
            await Assert.ThrowsAsync<HostConnectionException>(() => sending).WaitAsync(Patience);
        }

        Assert.Contains(Hex(image), await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
        await using var connection = new HostConnection(new HostDefinition { Name = "node", Uri = host.Host.Uri }, LibvirtUri.Parse(host.Host.Uri));
        var store = new ImageStore(connection, new ImageVerification(connection)) { PollInterval = TimeSpan.FromMilliseconds(50), StallLimit = TimeSpan.FromSeconds(1) };
        Assert.True((await store.EnsureAsync(image, null, CancellationToken.None).WaitAsync(Patience)).WasSent);
        await using var provider = host.Connect();
        await AssertThereAsync(provider, image);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_sender_that_was_only_slow_neither_finishes_nor_spoils_what_another_took_over()
    {
        var slow = new GatedImage(Length);
        var next = new GatedImage(slow);
        await using var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));
        await using var first = host.Connect(proxy.Uri);
        var sending = first.EnsureImageAsync(slow);
        await slow.HalfRead.WaitAsync(Patience);
        await using var connection = new HostConnection(new HostDefinition { Name = "node", Uri = host.Host.Uri }, LibvirtUri.Parse(host.Host.Uri));
        var store = new ImageStore(connection, new ImageVerification(connection)) { PollInterval = TimeSpan.FromMilliseconds(50), StallLimit = TimeSpan.FromSeconds(1) };
        var taking = store.EnsureAsync(next, null, CancellationToken.None);
        await next.HalfRead.WaitAsync(Patience);

        var lists = proxy.Count(VolumeList);

        // The slow one comes to its end while the other is in the middle.
        slow.Open();
        await Poll.UntilAsync("the slow one to look for the volume that it has filled, and then for the other's", () => proxy.Count(VolumeList) >= lists + 3);
        await using var third = host.Connect();
        Assert.DoesNotContain(await third.ListImagesAsync().ToListAsync(), there => there.DiskDigest == slow.Descriptor.DiskDigest);
        Assert.False(sending.IsCompleted);

        next.Open();
        Assert.True((await taking.WaitAsync(Patience)).WasSent);
        Assert.False((await sending.WaitAsync(Patience)).WasSent);
        await AssertThereAsync(first, slow);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_sender_that_gives_up_late_leaves_alone_what_another_has_sent_meanwhile()
    {
        var slow = new GatedImage(Length);
        var next = new GatedImage(slow);
        next.Open();
        await using var first = host.Connect();
        await using var second = host.Connect();
        using var stop = new CancellationTokenSource();
        var sending = first.EnsureImageAsync(slow, cancellationToken: stop.Token);
        await slow.HalfRead.WaitAsync(Patience);
        await second.RemoveImageAsync(slow.Descriptor.DiskDigest);
        Assert.True((await second.EnsureImageAsync(next)).WasSent);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending).WaitAsync(Patience);
        await AssertThereAsync(second, slow);
    }

    private static string Hex(GatedImage image) => image.Descriptor.DiskDigest["sha256:".Length..];

    /// <summary>The host has the image once, byte for byte.</summary>
    private async Task AssertThereAsync(KvmProvider provider, GatedImage image)
    {
        Assert.Single(await provider.ListImagesAsync().ToListAsync(), there => there.DiskDigest == image.Descriptor.DiskDigest);
        var file = Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex(image)}*.raw"));
        await using (var content = File.OpenRead(file)) Assert.Equal(Hex(image), Convert.ToHexStringLower(await SHA256.HashDataAsync(content)));
        await provider.RemoveImageAsync(image.Descriptor.DiskDigest);
        Assert.DoesNotContain(Hex(image), await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }

    /// <summary>Random bytes of which the second half is given out only when the gate is open.</summary>
    private sealed class GatedImage : ImageContent
    {
        private readonly byte[] _disk;
        private readonly TaskCompletionSource _halfRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GatedImage(int length)
            : this(RandomNumberGenerator.GetBytes(length))
        {
        }

        /// <summary>The same bytes, with a gate of their own.</summary>
        public GatedImage(GatedImage other)
            : this(other._disk)
        {
        }

        private GatedImage(byte[] disk)
        {
            _disk = disk;
            var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(_disk));
            Descriptor = new ImageDescriptor
            {
                Name = "bytes",
                Version = "1",
                Digest = digest,
                DiskDigest = digest,
                DiskLength = disk.Length,
                Format = DiskFormat.Raw,
                VirtualSize = new ByteSize(disk.Length),
            };
        }

        public override ImageDescriptor Descriptor { get; }

        public Task HalfRead => _halfRead.Task;

        public void Open() => _open.TrySetResult();

        public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default) => Task.FromResult<Stream>(new GatedStream(this));

        private sealed class GatedStream(GatedImage image) : MemoryStream(image._disk, writable: false)
        {
            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (Position >= Length / 2)
                {
                    image._halfRead.TrySetResult();
                    await image._open.Task.WaitAsync(cancellationToken);
                }

                return await base.ReadAsync(buffer, cancellationToken);
            }
        }
    }
}
