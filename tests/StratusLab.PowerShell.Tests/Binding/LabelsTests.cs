using System.Collections;
using StratusLab.Core;
using Xunit;

namespace StratusLab.PowerShell.Tests;

public sealed class LabelsTests
{
    [Fact]
    public void No_table_is_no_labels() => Assert.Empty(Labels.From(null));

    [Fact]
    public void Values_become_text_that_is_the_same_everywhere()
    {
        var labels = Labels.From(new Hashtable { ["rack"] = "b2", ["weight"] = 1.5, ["empty"] = null });
        Assert.Equal("b2", labels["rack"]);
        Assert.Equal("1.5", labels["weight"]);
        Assert.Equal(string.Empty, labels["empty"]);
    }

    [Fact]
    public void Label_without_a_name_is_refused() =>
        Assert.Equal("InvalidLabel", Assert.Throws<InvalidInputException>(() => Labels.From(new Hashtable { [" "] = "x" })).ErrorId);
}
