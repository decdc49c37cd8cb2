namespace StratusLab.Core.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("2gb", 2L << 30)]
    [InlineData(" 1 TB ", 1L << 40)]
    [InlineData("0", 0)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(new ByteSize(bytes), ByteSize.Parse(text));

    [Theory]
    [InlineData("8 gigs")]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("1.0000000001KB")]
    [InlineData("99999999999PB")]
    [InlineData("1,5GB")]
    [InlineData("1e3")]
    public void What_is_no_size_is_shown_what_would_be(string text)
    {
        var error = Assert.Throws<FormatException>(() => ByteSize.Parse(text));
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("8GB", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0B")]
    [InlineData(1023, "1023B")]
    [InlineData(1536, "1.5KB")]
    [InlineData(8L << 30, "8GB")]
    public void Sizes_are_written_in_the_largest_unit(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());

    [Fact]
    public void Sizes_add_and_compare()
    {
        Assert.Equal(ByteSize.FromMiB(1536), ByteSize.FromGiB(1) + ByteSize.FromMiB(512));
        Assert.True(ByteSize.FromMiB(1023) < ByteSize.FromGiB(1));
        Assert.Throws<OverflowException>(() => new ByteSize(long.MaxValue) + new ByteSize(1));
    }
}
