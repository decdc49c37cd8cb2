namespace StratusLab.Core.Tests;

public sealed class ResourceNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("atlas-01")]
    [InlineData("Node1")]
    public void Host_name_labels_pass(string name) => Assert.Equal(name, ResourceName.Validate(name, "VM name"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("<domain/>")]
    [InlineData("../a")]
    [InlineData("$(a)")]
    [InlineData("a;b")]
    [InlineData("ä")]
    public void Everything_else_is_refused(string? name)
    {
        var error = Assert.Throws<InvalidInputException>(() => ResourceName.Validate(name, "VM name"));
        Assert.Equal(("InvalidName", StratusErrorKind.InvalidInput, "VM name"), (error.ErrorId, error.Kind, error.Field));
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Sixty_three_characters_are_the_most()
    {
        ResourceName.Validate(new string('a', 63), "VM name");
        Assert.Throws<InvalidInputException>(() => ResourceName.Validate(new string('a', 64), "VM name"));
    }
}
