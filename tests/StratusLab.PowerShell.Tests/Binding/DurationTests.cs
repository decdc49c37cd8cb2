using Xunit;

namespace StratusLab.PowerShell.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("90m", 5400)]
    [InlineData("8h", 28800)]
    [InlineData(" 1.5H ", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("08:30", 30600)]
    [InlineData("1.12:00:00", 129600)]
    public void Duration_with_a_unit_is_read(string text, double seconds)
    {
        Assert.True(DurationTransformationAttribute.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3600")]
    [InlineData("h")]
    [InlineData("8 hours")]
    [InlineData("1e400d")]
    [InlineData("99999999999999999999d")]
    [InlineData("NaNh")]
    public void What_has_no_unit_or_no_number_is_refused(string? text) => Assert.False(DurationTransformationAttribute.TryParse(text, out _));
}
