using System.Security.Cryptography;
using StratusLab.Core;
using StratusLab.Libvirt;
using StratusLab.Rig;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>Images leave a host beside launches, beside each other and in the middle of a crash; no VM ever loses the disk it is made from.</summary>
[Collection("kvm host")]
public sealed class ImageEvictionTests(KvmHost host) : IAsyncLifetime
{
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private string Digest => host.Micro.Descriptor.DiskDigest;

    private string Hex => Digest["sha256:".Length..];

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Whatever a test did, the image can be removed with all that was noted about it.</summary>
    public async Task DisposeAsync()
    {
        if (Requirement.WhyNot(Need.LibvirtHost) is not null || Requirement.WhyNot(Need.MicroGuest) is not null) return;
        await using var provider = host.Connect();
        await ClearAsync(provider);
        Assert.Empty(Directory.GetFiles(host.Host.PoolFolder, "stratus-*"));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_launch_and_a_removal_at_once_end_in_a_vm_with_its_image_or_in_neither()
    {
        await using var second = host.Connect();
        var (reached, step) = (true, 0);
        while (reached)
        {
            step++;
            foreach (var afterIt in (bool[])[false, true])
            {
                await second.EnsureImageAsync(host.Micro);
                (reached, var outcome) = await RunHeldAsync(
                    step, afterIt, first => first.CreateAsync([host.Request($"held-{step}")]).SingleAsync().AsTask(), () => TryRemoveAsync(second));
                await AssertSoundAsync(second, outcome);
            }
        }

        Assert.True(step > 4, $"{step} changes");
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_removal_held_up_anywhere_beside_a_whole_launch_takes_no_image_from_a_vm()
    {
        await using var second = host.Connect();
        var (reached, step) = (true, 0);
        while (reached)
        {
            step++;
            foreach (var afterIt in (bool[])[false, true])
            {
                await second.EnsureImageAsync(host.Micro);
                VmOutcome? outcome = null;
                (reached, _) = await RunHeldAsync(
                    step, afterIt, TryRemoveAsync, async () => outcome = await second.CreateAsync([host.Request($"beside-{step}")]).SingleAsync());
                await AssertSoundAsync(second, outcome!);
            }
        }

        Assert.True(step > 4, $"{step} changes");
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_removal_cut_off_anywhere_is_finished_by_the_next_and_hinders_no_launch()
    {
        await using var connection = new HostConnection(new HostDefinition { Name = "node", Uri = host.Host.Uri }, LibvirtUri.Parse(host.Host.Uri));
        var store = new ImageStore(connection, new ImageVerification(connection)) { PollInterval = TimeSpan.FromMilliseconds(20), StallLimit = TimeSpan.FromMilliseconds(200) };
        await using var direct = host.Connect();
        var (reached, step) = (true, 0);
        while (reached)
        {
            step++;
            foreach (var afterIt in (bool[])[false, true])
            {
                await store.EnsureAsync(host.Micro, null, CancellationToken.None).WaitAsync(Patience);
                reached = await RunCutAsync(step, afterIt);
                if (afterIt)
                {
                    await direct.RemoveImageAsync(Digest);
                    Assert.Empty(Directory.GetFiles(host.Host.PoolFolder, $"*{Hex}*"));
                    continue;
                }

                await store.EnsureAsync(host.Micro, null, CancellationToken.None).WaitAsync(Patience);
                var outcome = await direct.CreateAsync([host.Request($"cut-{step}")]).SingleAsync();
                Assert.Null(outcome.Error);
                await AssertSoundAsync(direct, outcome);
            }
        }

        Assert.True(step > 4, $"{step} changes");
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_sending_held_up_anywhere_beside_a_removal_ends_in_a_whole_image()
    {
        await using var second = host.Connect();
        var (reached, step) = (true, 0);
        while (reached)
        {
            step++;
            foreach (var afterIt in (bool[])[false, true])
            {
                await ClearAsync(second);
                (reached, _) = await RunHeldAsync(step, afterIt, first => first.EnsureImageAsync(host.Micro), () => TryRemoveAsync(second));
                await second.EnsureImageAsync(host.Micro);
                Assert.True((await second.VerifyImageAsync(Digest)).IsIntact);
            }
        }

        Assert.True(step > 3, $"{step} changes");
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Two_who_evict_and_one_who_launches_at_once_are_safe()
    {
        await using var launching = host.Connect();
        await launching.EnsureImageAsync(host.Micro);
        var room = (await launching.ListImagesAsync().ToListAsync()).Sum(image => image.Length.Bytes) + (3 << 20);
        await using var first = Limited(room);
        await using var second = Limited(room);
        for (var round = 0; round < 8; round++)
        {
            var placed = Task.WhenAll(PlaceAsync(first), PlaceAsync(second));
            var launched = LaunchAsync(launching, $"round-{round}");
            await Task.WhenAll(placed, launched).WaitAsync(Patience);
            await AssertSoundAsync(launching, await launched);
            foreach (var image in await launching.ListImagesAsync().Where(image => image.IsUsable).ToListAsync())
                Assert.True((await launching.VerifyImageAsync(image.DiskDigest)).IsIntact);
        }

        // Each needs more than both images together leave when the other came first.
        static async Task PlaceAsync(KvmProvider provider)
        {
            try
            {
                await provider.EnsureImageAsync(new BytesImage(RandomNumberGenerator.GetBytes(2 << 20)));
            }
            catch (StratusException e) when (e.ErrorId == "ImageCacheFull")
            {
                // The other's is under way, and the third is in use.
            }
        }

        async Task<VmOutcome> LaunchAsync(KvmProvider provider, string name)
        {
            await provider.EnsureImageAsync(host.Micro);
            return await provider.CreateAsync([host.Request(name)]).SingleAsync();
        }
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task What_vms_were_made_from_last_stays_and_what_others_made_is_never_touched()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        var idle = new BytesImage(RandomNumberGenerator.GetBytes(2 << 20));
        var overlaid = new BytesImage(RandomNumberGenerator.GetBytes(2 << 20));
        await provider.EnsureImageAsync(overlaid);
        await provider.EnsureImageAsync(idle);
        var made = await provider.CreateAsync([host.Request("used")]).SingleAsync();
        Assert.Null((await provider.DeleteAsync([made.Id!.Value], AtOnce).SingleAsync()).Error);

        // Somebody's own files, one of them an overlay of an image, which libvirt has not seen.
        var foreign = Path.Combine(host.Host.PoolFolder, $"stratus-image-{new string('0', 64)}.img");
        await File.WriteAllBytesAsync(foreign, new byte[1 << 20]);
        var overlay = Path.Combine(host.Host.PoolFolder, "somebodys.qcow2");
        var name = $"stratus-image-{overlaid.Descriptor.DiskDigest[7..]}.raw";
        await Command.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", Path.Combine(host.Host.PoolFolder, name), overlay]);
        try
        {
            var there = (await provider.ListImagesAsync().ToListAsync()).Sum(image => image.Length.Bytes);
            await using var limited = Limited(there + (1 << 19));
            var next = new BytesImage(RandomNumberGenerator.GetBytes(2 << 20));
            await limited.EnsureImageAsync(next);
            var left = (await provider.ListImagesAsync().ToListAsync()).ToDictionary(image => image.DiskDigest);
            Assert.Equal(
                new[] { Digest, overlaid.Descriptor.DiskDigest, next.Descriptor.DiskDigest }.Order(StringComparer.Ordinal), left.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(1, left[overlaid.Descriptor.DiskDigest].UseCount);
            Assert.NotNull(left[Digest].LastUsedAt);
            Assert.Equal("ImageInUse", (await Assert.ThrowsAsync<StratusException>(() => provider.RemoveImageAsync(overlaid.Descriptor.DiskDigest))).ErrorId);
            Assert.True(File.Exists(foreign));
        }
        finally
        {
            File.Delete(foreign);
            File.Delete(overlay);
            await host.Host.VirshAsync("pool-refresh", "default");
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Ten_administrators_at_once_send_an_image_once()
    {
        var image = new BytesImage(RandomNumberGenerator.GetBytes(4 << 20));
        var providers = Enumerable.Range(0, 10).Select(_ => host.Connect()).ToList();
        var sent = await Task.WhenAll(providers.Select(provider => provider.EnsureImageAsync(image))).WaitAsync(Patience);
        Assert.Single(sent, placed => placed.WasSent);
        Assert.Equal(1, image.Opened);
        foreach (var provider in providers) await provider.DisposeAsync();
    }

    private KvmProvider Limited(long bytes) => (KvmProvider)new KvmProviderFactory().Create(new HostDefinition
    {
        Name = "node",
        Uri = host.Host.Uri,
        Accelerator = Accelerator.Tcg,
        ImageCacheLimit = new ByteSize(bytes),
    }, new MemoryCallJournal());

    private static async Task ClearAsync(KvmProvider provider)
    {
        var vms = await provider.ListAsync(VmQuery.Managed with { WithAddresses = false }).Select(vm => vm.Id).ToListAsync();
        await provider.DeleteAsync(vms, AtOnce).ToListAsync();
        foreach (var image in await provider.ListImagesAsync().ToListAsync()) await provider.RemoveImageAsync(image.DiskDigest);
        Assert.Empty(await provider.ListImagesAsync().ToListAsync());
    }

    private async Task<bool> TryRemoveAsync(KvmProvider provider)
    {
        try
        {
            await provider.RemoveImageAsync(Digest);
            return true;
        }
        catch (StratusException e) when (e.ErrorId == "ImageInUse")
        {
            return false;
        }
    }

    /// <summary>There is a VM and what its disk is made from, or nothing of it; then all of it is removed.</summary>
    private async Task AssertSoundAsync(KvmProvider provider, VmOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            Assert.Equal("ImageNotOnHost", error.ErrorId);
            var (domains, volumes) = await host.LeftAsync();
            Assert.Empty(domains);
            Assert.Empty(volumes);
            return;
        }

        var disk = Assert.Single(Directory.GetFiles(host.Host.PoolFolder, $"stratus-{outcome.Id!.Value.Key}*.qcow2"));
        var info = await Command.RunAsync("qemu-img", ["info", "--force-share", disk]);
        var backing = info.Split('\n').Single(line => line.StartsWith("backing file: ", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(host.Host.PoolFolder, Path.GetFileName(backing.Split(' ')[2]))), backing);
        Assert.Null((await provider.DeleteAsync([outcome.Id.Value], AtOnce).SingleAsync()).Error);
    }

    /// <summary>Works through a proxy that keeps back one change, or its reply, until another's work is done.</summary>
    private async Task<(bool Reached, T Result)> RunHeldAsync<T>(int step, bool afterIt, Func<KvmProvider, Task<T>> work, Func<Task> meanwhile)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = 0;
        uint? victim = null;
        await using var proxy = NewProxy();
        async ValueTask<PacketVerdict> HoldAsync()
        {
            reached.TrySetResult();
            await goOn.Task.WaitAsync(Patience);
            return PacketVerdict.Forward;
        }

        proxy.OnCall = (header, _) =>
        {
            if (!IsChange(header) || Interlocked.Increment(ref seen) != step) return new(PacketVerdict.Forward);
            if (!afterIt) return HoldAsync();
            victim = header.Serial;
            return new(PacketVerdict.Forward);
        };
        proxy.OnReply = (header, _) => header.Serial == victim ? HoldAsync() : new(PacketVerdict.Forward);
        await using var provider = host.Connect(proxy.Uri);
        var working = work(provider);
        await Task.WhenAny(reached.Task, working).WaitAsync(Patience);
        var isReached = reached.Task.IsCompleted;
        try
        {
            await meanwhile().WaitAsync(Patience);
        }
        finally
        {
            goOn.TrySetResult();
        }

        return (isReached, await working.WaitAsync(Patience));
    }

    /// <summary>Removes the image over a connection that breaks at one change, before it arrives or after it was carried out.</summary>
    private async Task<bool> RunCutAsync(int step, bool afterIt)
    {
        var seen = 0;
        uint? victim = null;
        await using var proxy = NewProxy();
        proxy.OnCall = (header, _) =>
        {
            if (IsChange(header) && Interlocked.Increment(ref seen) == step)
            {
                if (!afterIt) return new(PacketVerdict.Cut);
                victim = header.Serial;
            }

            return new(seen > step ? PacketVerdict.Cut : PacketVerdict.Forward);
        };
        proxy.OnReply = (header, _) => new(header.Serial == victim ? PacketVerdict.Cut : PacketVerdict.Forward);
        await using var provider = host.Connect(proxy.Uri);
        try
        {
            await provider.RemoveImageAsync(Digest);
            return false;
        }
        catch (HostConnectionException)
        {
            return true;
        }
    }

    private LibvirtProxy NewProxy() => new(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));

    private static bool IsChange(PacketHeader header) =>
        header is { Type: PacketType.Call, Program: PacketHeader.RemoteProgram } && !ReadingProcedures.Contains(header.Procedure);

    /// <summary>A raw disk in memory.</summary>
    private sealed class BytesImage(byte[] disk) : ImageContent
    {
        private int _opened;

        public int Opened => Volatile.Read(ref _opened);

        public override ImageDescriptor Descriptor { get; } = new()
        {
            Name = "bytes",
            Version = "1",
            Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(disk)),
            DiskDigest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(disk)),
            DiskLength = disk.Length,
            Format = DiskFormat.Raw,
            VirtualSize = new ByteSize(disk.Length),
        };

        public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _opened);
            return Task.FromResult<Stream>(new MemoryStream(disk, writable: false));
        }
    }
}
