using System.Globalization;
using System.Xml;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>Reads what is needed out of a domain's XML in one pass, since inventories read thousands.</summary>
internal static class DomainXmlReader
{
    /// <summary>Name of the channel through which libvirt talks to QEMU's guest agent.</summary>
    public const string GuestAgentChannel = "org.qemu.guest_agent.0";

    /// <summary>Reads a domain.</summary>
    /// <exception cref="HostProtocolException">It is not the XML of a domain.</exception>
    public static DomainView Read(string xml) => HostXml.Read(xml, "a domain", Read);

    private static DomainView Read(XmlReader reader)
    {
        string? name = null;
        Guid? uuid = null;
        var cpu = 0;
        ByteSize memory = default, currentMemory = default;
        VmMetadata? metadata = null;
        List<DomainNic> nics = [];
        var hasAgent = false;
        var (firmware, architecture) = (Firmware.Bios, "x86_64");
        reader.MoveToContent();
        if (reader.LocalName != "domain") throw new XmlException($"The root is '{reader.LocalName}', not 'domain'.");
        var more = reader.Next();
        while (more)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 1)
            {
                more = reader.Next();
                continue;
            }

            switch (reader.LocalName)
            {
                case "name": name = reader.ReadElementContentAsString(); break;
                case "uuid": uuid = Guid.TryParse(reader.ReadElementContentAsString(), out var id) ? id : null; break;
                case "vcpu": cpu = ReadCpu(reader); break;
                case "memory": memory = ReadMemory(reader); break;
                case "currentMemory": currentMemory = ReadMemory(reader); break;
                case "os":
                    (firmware, architecture) = ReadBoot(reader);
                    more = reader.Next();
                    break;
                case "metadata":
                    metadata = ReadMetadata(reader) ?? metadata;
                    more = reader.Next();
                    break;
                case "devices":
                    ReadDevices(reader, nics, ref hasAgent);
                    more = reader.Next();
                    break;
                default: reader.Skip(); break;
            }

            more = more && !reader.EOF;
        }

        return new DomainView
        {
            Name = name ?? throw new XmlException("A domain has no name."),
            Uuid = uuid ?? throw new XmlException("A domain has no UUID."),
            Cpu = cpu,
            Memory = currentMemory.Bytes > 0 ? currentMemory : memory,
            Metadata = metadata,
            Nics = nics,
            HasAgent = hasAgent,
            Firmware = firmware,
            Architecture = architecture,
        };
    }

    private static (Firmware Firmware, string Architecture) ReadBoot(XmlReader reader)
    {
        var firmware = reader.GetAttribute("firmware") == "efi" ? Firmware.Uefi : Firmware.Bios;
        string? architecture = null;
        if (!reader.IsEmptyElement)
        {
            var depth = reader.Depth;
            while (reader.Next() && reader.Depth > depth)
            {
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "type" } && reader.Depth == depth + 1) architecture = reader.GetAttribute("arch");
                else if (reader is { NodeType: XmlNodeType.Element, LocalName: "loader" } && reader.GetAttribute("type") == "pflash") firmware = Firmware.Uefi;
            }
        }

        return (firmware, architecture ?? "x86_64");
    }

    private static int ReadCpu(XmlReader reader)
    {
        var current = reader.GetAttribute("current");
        var maximum = reader.ReadElementContentAsString();
        return int.TryParse(current ?? maximum, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    private static ByteSize ReadMemory(XmlReader reader)
    {
        var unit = reader.GetAttribute("unit") ?? "KiB";
        return long.TryParse(reader.ReadElementContentAsString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var count)
            ? new ByteSize(count * BytesPer(unit))
            : default;
    }

    private static long BytesPer(string unit) => unit switch
    {
        "b" or "bytes" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "M" or "MiB" => 1L << 20,
        "G" or "GiB" => 1L << 30,
        _ => 1L << 10,
    };

    private static VmMetadata? ReadMetadata(XmlReader reader)
    {
        VmMetadata? metadata = null;
        if (reader.IsEmptyElement) return metadata;
        var depth = reader.Depth;
        while (reader.Next() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1 && reader is { LocalName: MetadataXml.Element, NamespaceURI: MetadataXml.Namespace })
                metadata = MetadataXml.Read(reader);
        }

        return metadata;
    }

    private static void ReadDevices(XmlReader reader, List<DomainNic> nics, ref bool hasAgent)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        var inNic = false;
        string? network = null, address = null;
        while (reader.Next() && reader.Depth > depth)
        {
            if (reader.Depth == depth + 1)
            {
                if (inNic && address is not null) nics.Add(new DomainNic(network, address));
                inNic = reader is { NodeType: XmlNodeType.Element, LocalName: "interface", IsEmptyElement: false };
                (network, address) = (null, null);
            }
            else if (inNic && reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 2)
            {
                if (reader.LocalName == "mac") address = reader.GetAttribute("address");
                else if (reader.LocalName == "source") network = reader.GetAttribute("network");
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "target" } && reader.Depth == depth + 2 && reader.GetAttribute("name") == GuestAgentChannel)
            {
                hasAgent = reader.GetAttribute("state") == "connected";
            }
        }
    }
}
