using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    private const int DiskLength = 3 << 20;

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
}
