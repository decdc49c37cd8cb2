using System.Security.Cryptography;
using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    private const int DiskLength = 3 << 20;

    private IImageReader Reader => Assert.IsAssignableFrom<IImageReader>(Provider);

    private IImageHost Images => Assert.IsAssignableFrom<IImageHost>(Provider);

    [ConformanceFact]
    public async Task Image_is_sent_once_however_often_it_is_asked_for()
    {
        var image = MemoryImage.Random(DiskLength);
        if (!await HoldsAsync<IImageHost>(ProviderCapabilities.Images, images => images.EnsureImageAsync(image))) return;
        var before = await host.FootprintAsync();
        await using var second = host.Connect();

        var placed = await Task.WhenAll(Images.EnsureImageAsync(image), Images.EnsureImageAsync(image), Images.EnsureImageAsync(image));
        Assert.Single(placed, image => image.WasSent);
        Assert.Equal(1, image.Opened);
        Assert.False((await ((IImageHost)second).EnsureImageAsync(image)).WasSent);
        Assert.Equal(1, image.Opened);
        Assert.Contains(await Collect(Images.ListImagesAsync()), listed => listed.DiskDigest == image.Descriptor.DiskDigest);

        await Images.RemoveImageAsync(image.Descriptor.DiskDigest);
        await Images.RemoveImageAsync(image.Descriptor.DiskDigest);
        Assert.DoesNotContain(await Collect(Images.ListImagesAsync()), listed => listed.DiskDigest == image.Descriptor.DiskDigest);
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Progress_of_a_transfer_comes_to_its_end()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Images)) return;
        var image = MemoryImage.Random(DiskLength);
        var progress = new LastReport<TransferProgress>();
        await Images.EnsureImageAsync(image, progress);
        Assert.Equal(HostUnderTest.Name, progress.Last.Host);
        Assert.Equal(new ByteSize(DiskLength), progress.Last.Total);
        Assert.Equal(progress.Last.Total, progress.Last.Done);
        await Images.RemoveImageAsync(image.Descriptor.DiskDigest);
    }

    [ConformanceFact]
    public async Task Image_that_is_not_what_it_says_is_refused_and_nothing_is_left()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Images)) return;
        var before = await host.FootprintAsync();
        foreach (var image in (MemoryImage[])[MemoryImage.Corrupt(DiskLength), MemoryImage.Short(DiskLength)])
        {
            await Assert.ThrowsAnyAsync<StratusException>(() => Images.EnsureImageAsync(image));
            Assert.DoesNotContain(await Collect(Images.ListImagesAsync()), listed => listed.DiskDigest == image.Descriptor.DiskDigest);
        }

        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Image_that_a_VM_uses_is_not_removed()
    {
        var digest = host.Image.Descriptor.DiskDigest;
        if (!await HoldsAsync<IImageHost>(ProviderCapabilities.Images, images => images.RemoveImageAsync(digest))) return;
        await CreateAsync();
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => Images.RemoveImageAsync(digest));
        Assert.Equal(StratusErrorKind.InvalidState, error.Kind);
        Assert.Contains(await Collect(Images.ListImagesAsync()), image => image.DiskDigest == digest);
    }

    [ConformanceFact]
    public async Task Listing_images_works_or_is_refused_by_name()
    {
        if (await HoldsAsync<IImageHost>(ProviderCapabilities.Images, images => Collect(images.ListImagesAsync())))
            Assert.Contains(await Collect(Images.ListImagesAsync()), image => image.DiskDigest == host.Image.Descriptor.DiskDigest);
    }

    [ConformanceFact]
    public async Task Listing_images_tells_how_much_they_are_used()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Images)) return;
        var digest = host.Image.Descriptor.DiskDigest;
        var vm = await CreateAsync();
        var used = Assert.Single(await Collect(Images.ListImagesAsync()), image => image.DiskDigest == digest);
        Assert.Equal(1, used.UseCount);
        Assert.True(used.IsUsable);
        Assert.NotNull(used.LastUsedAt);
        Assert.Null((await Single(Provider.DeleteAsync([vm.Id], AtOnce))).Error);
        var idle = Assert.Single(await Collect(Images.ListImagesAsync()), image => image.DiskDigest == digest);
        Assert.Equal((0, used.LastUsedAt), (idle.UseCount, idle.LastUsedAt));
    }

    [ConformanceFact]
    public async Task Image_can_be_read_back_and_verified()
    {
        var image = MemoryImage.Random(DiskLength);
        var digest = image.Descriptor.DiskDigest;
        if (!await HoldsAsync<IImageReader>(ProviderCapabilities.ImageReadback, images => images.VerifyImageAsync(digest)))
        {
            await HoldsAsync<IImageReader>(ProviderCapabilities.ImageReadback, images => images.OpenImageAsync(digest));
            return;
        }

        Assert.Equal("ImageNotOnHost", (await Assert.ThrowsAnyAsync<StratusException>(() => Reader.VerifyImageAsync(digest))).ErrorId);
        Assert.Equal("ImageNotOnHost", (await Assert.ThrowsAnyAsync<StratusException>(() => Reader.OpenImageAsync(digest))).ErrorId);
        await Images.EnsureImageAsync(image);
        var progress = new LastReport<TransferProgress>();
        var check = await Reader.VerifyImageAsync(digest, progress);
        Assert.Equal(new HostImageCheck(HostUnderTest.Name, digest, digest, new ByteSize(DiskLength)), check);
        Assert.True(check.IsIntact);
        Assert.Equal(new ByteSize(DiskLength), progress.Last.Done);
        await using (var stream = await Reader.OpenImageAsync(digest)) Assert.Equal(digest[7..], Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
        await Images.RemoveImageAsync(digest);
    }

    [ConformanceFact]
    public async Task Images_used_least_recently_make_room_and_those_in_use_never()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Images)) return;
        MemoryImage[] images = [MemoryImage.Random(DiskLength), MemoryImage.Random(DiskLength), MemoryImage.Random(DiskLength)];
        await CreateAsync();
        var there = (await Collect(Images.ListImagesAsync())).Sum(image => image.Length.Bytes);

        // What a file takes is counted in whole blocks of the file system.
        await using var limited = host.Factory.Create(host.Definition with { ImageCacheLimit = new ByteSize(there + (2 * DiskLength) + (1 << 20)) }, host.Calls);
        var store = (IImageHost)limited;
        foreach (var image in images) await store.EnsureImageAsync(image);
        var left = (await Collect(Images.ListImagesAsync())).Select(image => image.DiskDigest).ToList();
        Assert.Contains(host.Image.Descriptor.DiskDigest, left);
        Assert.DoesNotContain(images[0].Descriptor.DiskDigest, left);
        Assert.Contains(images[1].Descriptor.DiskDigest, left);
        Assert.Contains(images[2].Descriptor.DiskDigest, left);

        var before = await host.FootprintAsync();
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => store.EnsureImageAsync(MemoryImage.Random((3 * DiskLength) + (1 << 20))));
        Assert.Equal(("ImageCacheFull", StratusErrorKind.NoCapacity), (error.ErrorId, error.Kind));
        Assert.Equal(before, await host.FootprintAsync());
        foreach (var image in images) await Images.RemoveImageAsync(image.Descriptor.DiskDigest);
    }
}
