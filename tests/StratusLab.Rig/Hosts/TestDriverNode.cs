using System.Globalization;
using System.Text;

namespace StratusLab.Rig.Hosts;

/// <summary>Many domains without QEMU: a node of libvirt's own test driver, served by a real daemon over the real protocol.</summary>
public static class TestDriverNode
{
    /// <summary>Writes a node with that many domains, half of them running, and gives its URI on the host.</summary>
    /// <param name="host">The host whose daemon serves it.</param>
    /// <param name="domains">How many; they are named <c>vm-0001</c> and so on.</param>
    /// <param name="metadata">An XML element to put in each domain's metadata, given its number, or null for none.</param>
    /// <param name="cancel">Stops the writing.</param>
    public static async Task<string> WriteAsync(
        LibvirtHost host, int domains, Func<int, string>? metadata = null, CancellationToken cancel = default)
    {
        var xml = new StringBuilder("<node>\n  <cpu><mhz>2400</mhz><model>x86_64</model><active>64</active><nodes>1</nodes>");
        xml.Append("<sockets>2</sockets><cores>32</cores><threads>1</threads></cpu>\n  <memory>1073741824</memory>\n");
        for (var number = 1; number <= domains; number++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"""
                  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
                    <name>vm-{number:0000}</name><uuid>{Guid.NewGuid()}</uuid>
                    {(metadata is null ? "" : $"<metadata>{metadata(number)}</metadata>")}
                    <memory>262144</memory><vcpu>1</vcpu><os><type>hvm</type></os>
                    <devices><interface type='network'><source network='default'/><mac address='52:54:00:00:{number / 256:x2}:{number % 256:x2}'/></interface></devices>
                    {(number % 2 == 0 ? "<test:runstate>5</test:runstate>" : "")}
                  </domain>

                """);
        }
        xml.Append("</node>\n");
        var file = Path.Combine(host.Folder, $"node-{domains}.xml");
        await File.WriteAllTextAsync(file, xml.ToString(), cancel);
        return UriFor(file, host.Socket);
    }

    /// <summary>The URI of a node file over a unix socket, the host's own or a proxy's.</summary>
    public static string UriFor(string nodeFile, string socket) => $"test+unix://{nodeFile}?socket={socket}";
}
