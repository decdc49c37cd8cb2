using System.Xml;

namespace StratusLab.GridEngine;

/// <summary>Reads <c>qhost -xml -q</c>: execution hosts, what they have and the queues on them.</summary>
internal sealed class QhostReader
{
    private readonly List<ExecutionHost> _hosts = [];

    /// <summary>What <c>qhost</c> is to be asked.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["-xml", "-q", "-F"];

    public static async Task<IReadOnlyList<ExecutionHost>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = new QhostReader();
        await SafeXml.ReadAsync("qhost", "qhost", stream, reader.TakeAsync, cancellationToken).ConfigureAwait(false);
        return [.. reader._hosts.Where(host => host.Name is not ("global" or ""))];
    }

    private async Task TakeAsync(XmlReader xml, CancellationToken cancellationToken)
    {
        if (xml.NodeType is not XmlNodeType.Element) return;
        var name = xml.GetAttribute("name") ?? string.Empty;
        if (xml.LocalName == "host") _hosts.Add(new ExecutionHost(name));
        if (_hosts.Count == 0 || xml.LocalName == "host") return;
        var host = _hosts[^1];
        switch (xml.LocalName)
        {
            case "queue": host.Queues.Add(new HostQueue(name)); break;
            case "hostvalue": host.Values[name] = await SafeXml.TextAsync(xml).ConfigureAwait(false); break;
            case "resourcevalue": host.Resources[name] = await SafeXml.TextAsync(xml).ConfigureAwait(false); break;
            case "queuevalue" when host.Queues.Count > 0: Set(host.Queues[^1], name, await SafeXml.TextAsync(xml).ConfigureAwait(false)); break;
            default: break;
        }
    }

    private static void Set(HostQueue queue, string name, string text)
    {
        switch (name)
        {
            case "slots": queue.Slots = Quantity.Count(text); break;
            case "slots_used": queue.Used = Quantity.Count(text); break;
            case "state_string": queue.State = text; break;
            default: break;
        }
    }
}
