using Xunit;

namespace StratusLab.PowerShell.Tests;

public sealed class VmSelectionTests
{
    [Theory]
    [InlineData("atlas-01", "atlas-01")]
    [InlineData("atlas-*", "atlas-*")]
    [InlineData("atlas-[0-9]?", "atlas-??")]
    [InlineData("a[bc]d[ef]*", "a?d?*")]
    [InlineData("odd`[name`]", "odd?")]
    public void Filter_matches_at_least_what_the_pattern_does(string pattern, string filter) => Assert.Equal(filter, VmSelection.ToFilter(pattern));
}
