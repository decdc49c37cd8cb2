using Xunit;

namespace StratusLab.Libvirt.Tests.Uris;

public sealed class LibvirtUriTests
{
    [Theory]
    [InlineData("qemu:///system", LibvirtTransport.Unix, null, null, null, "qemu:///system")]
    [InlineData("qemu:///session", LibvirtTransport.Unix, null, null, null, "qemu:///session")]
    [InlineData("qemu+unix:///system?socket=/run/x/libvirt-sock", LibvirtTransport.Unix, null, null, null, "qemu:///system")]
    [InlineData("test+unix:///tmp/node.xml?socket=/run/s", LibvirtTransport.Unix, null, null, null, "test:///tmp/node.xml")]
    [InlineData("qemu+tcp://node1/system", LibvirtTransport.Tcp, null, "node1", null, "qemu:///system")]
    [InlineData("qemu://node1/system", LibvirtTransport.Tls, null, "node1", null, "qemu:///system")]
    [InlineData("qemu+tls://node2:16515/system?pkipath=/pki&no_verify=1", LibvirtTransport.Tls, null, "node2", 16515, "qemu:///system")]
    [InlineData("qemu+tls://[2001:db8::1]:99/system", LibvirtTransport.Tls, null, "2001:db8::1", 99, "qemu:///system")]
    [InlineData("qemu+ssh://root@node1/system?keyfile=/k&no_tty=1&proxy=native&command=/usr/bin/ssh", LibvirtTransport.Ssh, "root", "node1", null, "qemu:///system")]
    [InlineData("qemu+ssh://node1:2222/session", LibvirtTransport.Ssh, null, "node1", 2222, "qemu:///session")]
    [InlineData("qemu+ssh://node1/system?foo=bar%20baz&mode=legacy&x=1", LibvirtTransport.Ssh, null, "node1", null, "qemu:///system?foo=bar%20baz&x=1")]
    [InlineData("qemu+ssh://node1/system?name=qemu:///embed", LibvirtTransport.Ssh, null, "node1", null, "qemu:///embed")]
    [InlineData("xen+tcp://h/", LibvirtTransport.Tcp, null, "h", null, "xen:///")]
    public void Parts_are_found_and_the_server_gets_only_its_own(string text, LibvirtTransport transport, string? user, string? host, int? port, string serverName)
    {
        var uri = LibvirtUri.Parse(text);
        Assert.Equal((transport, user, host, port, serverName), (uri.Transport, uri.User, uri.Host, uri.Port, uri.ServerName));
        Assert.Equal(text, uri.ToString());
    }

    [Fact]
    public void Parameters_of_the_client_are_decoded()
    {
        var uri = LibvirtUri.Parse("qemu+ssh://u@h/system?socket=/a%20b&keyfile=/k&no_verify=1&no_tty=1&command=/c&netcat=/n&mode=direct&authfile=/a&pkipath=/p&proxy=netcat");
        Assert.Equal(("/a b", "/k", true, true, "/c", "/n"), (uri.Socket, uri.KeyFile, uri.NoVerify, uri.NoTty, uri.Command, uri.Netcat));
        Assert.Equal((DaemonMode.Direct, "/a", "/p", SshProxyMode.Netcat), (uri.Mode, uri.AuthFile, uri.PkiPath, uri.Proxy));
    }

    [Theory]
    [InlineData("", "scheme")]
    [InlineData("qemu", "scheme")]
    [InlineData("://x/system", "scheme")]
    [InlineData("qe mu:///system", "driver")]
    [InlineData("qemu+carrier:///system", "transport \"carrier\"")]
    [InlineData("qemu+libssh2://h/system", "OpenSSH")]
    [InlineData("qemu+unix://h/system", "host \"h\"")]
    [InlineData("qemu+tcp://h", "path")]
    [InlineData("qemu+tcp://h:0/system", "port")]
    [InlineData("qemu+tcp://h:70000/system", "port")]
    [InlineData("qemu+tcp://:1/system", "host")]
    [InlineData("qemu+tcp://[::1/system", "IPv6")]
    [InlineData("qemu+ssh://-oProxyCommand=x/system", "host name")]
    [InlineData("qemu+ssh://h;touch%20x/system", "host name")]
    [InlineData("qemu+ssh://-x@h/system", "user")]
    [InlineData("qemu+ssh://u:secret@h/system", "password")]
    [InlineData("qemu+tls://h/system?no_verify=yes", "no_verify")]
    [InlineData("qemu+tls://h/system?tls_priority=NORMAL", "tls_priority")]
    [InlineData("qemu+ssh://h/system?proxy=other", "proxy")]
    [InlineData("qemu+ssh://h/system?proxy=native&netcat=nc", "netcat")]
    [InlineData("qemu+ssh://h/system?sshauth=agent", "sshauth")]
    [InlineData("qemu:///system?socket=", "socket")]
    [InlineData("qemu:///system?mode=odd", "mode")]
    [InlineData("qemu:///sys%tem", "%")]
    [InlineData("qemu:///sys%00tem", "control character")]
    [InlineData("qemu:///system#part", "fragment")]
    public void Uri_that_cannot_be_used_says_which_part_is_wrong(string text, string part)
    {
        var e = Assert.Throws<FormatException>(() => LibvirtUri.Parse(text));
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Password_in_a_uri_is_not_repeated_in_the_error()
    {
        var e = Assert.Throws<FormatException>(() => LibvirtUri.Parse("qemu+ssh://user:hunter2@h/system"));
        Assert.DoesNotContain("hunter2", e.Message, StringComparison.Ordinal);
    }
}
