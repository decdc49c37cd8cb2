using System.Xml;

namespace StratusLab.Kvm;

/// <summary>What is needed of a host's capabilities (libvirt.org/formatcaps.html).</summary>
/// <param name="Uuid">The machine's identity.</param>
/// <param name="Architecture">Its CPU architecture.</param>
/// <param name="HasEmulator">Whether it has an emulator for guests of that architecture.</param>
/// <param name="OffersKvm">Whether libvirt takes KVM for usable.</param>
/// <param name="SecurityModels">Security drivers in force, such as <c>apparmor</c>.</param>
internal sealed record HostCapabilities(string? Uuid, string Architecture, bool HasEmulator, bool OffersKvm, IReadOnlyList<string> SecurityModels)
{
    public static HostCapabilities Parse(string xml) => HostXml.Read(xml, "capabilities", static reader =>
    {
        string? uuid = null, hostArchitecture = null, guestArchitecture = null;
        bool hasEmulator = false, offersKvm = false;
        var models = new List<string>();
        var path = new List<string>();
        while (reader.Next())
        {
            if (reader.NodeType == XmlNodeType.Text)
            {
                switch (string.Join('/', path))
                {
                    case "capabilities/host/uuid": uuid = reader.Value; break;
                    case "capabilities/host/cpu/arch": hostArchitecture = reader.Value; break;
                    case "capabilities/host/secmodel/model": models.Add(reader.Value); break;
                    case "capabilities/guest/arch/emulator": hasEmulator |= guestArchitecture == hostArchitecture; break;
                }
            }
            else if (reader.NodeType == XmlNodeType.Element)
            {
                path.RemoveRange(reader.Depth, path.Count - reader.Depth);
                path.Add(reader.LocalName);
                if (reader is { LocalName: "arch", Depth: 2 } && path[1] == "guest") guestArchitecture = reader.GetAttribute("name");
                if (reader is { LocalName: "domain", Depth: 3 } && guestArchitecture == hostArchitecture) offersKvm |= reader.GetAttribute("type") == "kvm";
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                path.RemoveRange(reader.Depth, path.Count - reader.Depth);
            }
        }

        return new HostCapabilities(uuid, hostArchitecture ?? "", hasEmulator, offersKvm, models);
    });
}
