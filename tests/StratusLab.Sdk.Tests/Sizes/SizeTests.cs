using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class SizeTests
{
    [Fact]
    public async Task Built_in_sizes_are_there_in_order_and_stay()
    {
        await using var test = await TestSite.OpenAsync();
        Assert.Equal(["tiny", "small", "medium", "large", "xlarge"], await test.Site.Sizes.ListAsync().Select(s => s.Name).ToListAsync());
        Assert.Equal("SizeIsBuiltIn", (await Assert.ThrowsAsync<StratusException>(() => test.Site.Sizes.RemoveAsync("Small"))).ErrorId);
        Assert.Equal("SizeAlreadyExists", (await Assert.ThrowsAsync<StratusException>(() => test.Site.Sizes.AddAsync(new VmSize("SMALL", 1, ByteSize.FromGiB(1), ByteSize.Zero)))).ErrorId);
    }

    [Fact]
    public async Task The_sites_own_size_comes_and_goes()
    {
        await using var test = await TestSite.OpenAsync();
        await test.Site.Sizes.AddAsync(new VmSize("gpu", 6, ByteSize.FromGiB(24), ByteSize.Zero));
        Assert.Equal("SizeAlreadyExists", (await Assert.ThrowsAsync<StratusException>(() => test.Site.Sizes.AddAsync(new VmSize("Gpu", 1, ByteSize.FromGiB(1), ByteSize.Zero)))).ErrorId);
        await test.Site.Sizes.RemoveAsync("GPU");
        var error = await Assert.ThrowsAsync<StratusException>(() => test.Site.Sizes.GetAsync("gpu"));
        Assert.Contains("tiny, small, medium", error.Message, StringComparison.Ordinal);
    }
}
