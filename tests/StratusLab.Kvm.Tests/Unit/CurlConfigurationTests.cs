using StratusLab.Core;
using Xunit;

namespace StratusLab.Kvm.Tests;

public sealed class CurlConfigurationTests
{
    [Fact]
    public void What_is_quoted_stays_one_value()
    {
        var text = CurlConfiguration.Write(new Uri("https://r.example/v2/x/blobs/y?sig=a%22b"), "Basic a\"b\\c");
        Assert.Contains("\nurl = \"https://r.example/v2/x/blobs/y?sig=a%22b\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nheader = \"Authorization: Basic a\\\"b\\\\c\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nproto-redir = \"=https\"\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://r.example/x", null)]
    [InlineData("file:///etc/shadow", null)]
    [InlineData("https://r.example/x", "Bearer a\nurl = \"http://evil\"")]
    public void What_would_do_something_else_is_refused(string url, string? authorization) =>
        Assert.Throws<InvalidInputException>(() => CurlConfiguration.Write(new Uri(url), authorization));
}
