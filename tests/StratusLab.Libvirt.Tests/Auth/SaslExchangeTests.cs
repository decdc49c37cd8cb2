using StratusLab.Libvirt.Auth;
using Xunit;

namespace StratusLab.Libvirt.Tests.Auth;

public sealed class SaslExchangeTests
{
    [Theory]
    [InlineData("qemu+tls://h/system", "PLAIN SCRAM-SHA-256 GSSAPI", "SCRAM-SHA-256")]
    [InlineData("qemu+tls://h/system", "PLAIN,DIGEST-MD5", "PLAIN")]
    [InlineData("qemu:///system", "PLAIN", "PLAIN")]
    [InlineData("qemu+ssh://h/system", "PLAIN", "PLAIN")]
    [InlineData("qemu+tcp://h/system", "PLAIN SCRAM-SHA-256", "SCRAM-SHA-256")]
    public void Strongest_mechanism_is_chosen(string uri, string offered, string chosen) =>
        Assert.Equal(chosen, SaslExchange.Choose(LibvirtUri.Parse(uri), offered));

    [Theory]
    [InlineData("qemu+tcp://h/system", "PLAIN", "in the clear")]
    [InlineData("qemu+tls://h/system", "GSSAPI SCRAM-SHA-256-PLUS", "mech_list")]
    [InlineData("qemu+tls://h/system", "", "mech_list")]
    public void Nothing_safe_in_common_is_a_clear_error(string uri, string offered, string message)
    {
        var e = Assert.Throws<LibvirtConnectionException>(() => SaslExchange.Choose(LibvirtUri.Parse(uri), offered));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
