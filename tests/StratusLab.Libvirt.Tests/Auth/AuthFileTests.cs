using StratusLab.Libvirt.Auth;
using Xunit;

namespace StratusLab.Libvirt.Tests.Auth;

public sealed class AuthFileTests
{
    private const string Text = """
        # of the site
        [credentials-prod]
        authname = alice
        password = a=b#c
        [credentials-test]
        username=bob
        password=p

        [auth-libvirt-node1.example.org]
        credentials=prod
        [auth-libvirt-default]
        credentials=test
        [auth-libvirt-broken]
        credentials=none
        """;

    [Theory]
    [InlineData("node1.example.org", "alice", "a=b#c")]
    [InlineData("elsewhere", "bob", "p")]
    public void Host_finds_its_credentials_or_the_default(string host, string user, string password) =>
        Assert.Equal((user, password), AuthFile.Parse("f", Text).Find(host));

    [Fact]
    public void Credentials_that_do_not_exist_are_named()
    {
        var e = Assert.Throws<LibvirtConnectionException>(() => AuthFile.Parse("/etc/auth.conf", Text).Find("broken"));
        Assert.Contains("[credentials-none]", e.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/auth.conf", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_line_is_named_without_its_content()
    {
        var e = Assert.Throws<LibvirtConnectionException>(() => AuthFile.Parse("f", "[credentials-x]\nauthname=a\npassword hunter2"));
        Assert.Contains("line 3", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.Message, StringComparison.Ordinal);
    }
}
