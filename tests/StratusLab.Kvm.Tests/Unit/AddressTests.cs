using StratusLab.Libvirt;
using Xunit;

namespace StratusLab.Kvm.Tests;

public sealed class AddressTests
{
    private const string Mac = "52:54:00:00:00:01";

    [Fact]
    public void Of_two_leases_of_a_guest_the_later_one_counts()
    {
        var now = DateTimeOffset.UtcNow;
        var leases = AddressBook.ByHardwareAddress(
        [
            Lease(Mac, "10.0.0.2", now.AddMinutes(10)),
            Lease(Mac.ToUpperInvariant(), "10.0.0.3", now.AddMinutes(50)),
            Lease("52:54:00:00:00:02", "10.0.0.4", null),
            Lease(null, "10.0.0.5", null),
        ]);
        Assert.Equal(["10.0.0.3", "10.0.0.2"], leases[Mac]);
        Assert.Equal(2, leases.Count);
    }

    [Theory]
    [InlineData("<target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>", true)]
    [InlineData("<target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'/>", false)]
    [InlineData("<target type='virtio' name='org.qemu.guest_agent.0'/>", false)]
    [InlineData("<target type='virtio' name='another' state='connected'/>", false)]
    public void An_agent_is_asked_only_where_one_is_connected(string target, bool expected)
    {
        var xml = $"<domain><name>a</name><uuid>{Guid.NewGuid()}</uuid><devices><disk><target dev='vda'/></disk><channel type='unix'><source mode='bind'/>{target}</channel><interface type='network'><mac address='{Mac}'/><source network='default'/></interface></devices></domain>";
        var view = DomainXmlReader.Read(xml);
        Assert.Equal(expected, view.HasAgent);
        Assert.Equal([new DomainNic("default", Mac)], view.Nics);
    }

    private static DhcpLease Lease(string? mac, string address, DateTimeOffset? until) => new("virbr0", until, IPAddressKind.IPv4, mac, null, address, 24, null, null);
}
