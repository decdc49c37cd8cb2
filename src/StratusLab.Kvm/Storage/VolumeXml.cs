using System.Globalization;
using System.Text;
using System.Xml;

namespace StratusLab.Kvm;

/// <summary>Writes definitions of volumes (libvirt.org/formatstorage.html) and reads what is needed of them.</summary>
internal static class VolumeXml
{
    /// <summary>A file of plain bytes. It takes no room until it is written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="capacity">Its length in bytes.</param>
    /// <param name="mode">Its permissions, octal, such as <c>0600</c>.</param>
    public static string Raw(string name, long capacity, string mode) => Write(name, capacity, "raw", mode, backing: null);

    /// <summary>A qcow2 that stands by itself.</summary>
    public static string Qcow2(string name, long capacity) => Write(name, capacity, "qcow2", "0600", backing: null);

    /// <summary>A qcow2 over a base volume.</summary>
    public static string Overlay(string name, long capacity, (string Path, string Format) backing) => Write(name, capacity, "qcow2", "0600", backing);

    /// <summary>The path of the volume that this one is an overlay of; null for none.</summary>
    public static string? BackingPath(string xml) => HostXml.Read(xml, "a volume", static reader =>
        reader.ReadToFollowing("backingStore") && reader.ReadToDescendant("path") ? reader.ReadElementContentAsString() : null);

    /// <summary>The permissions as the host tells them, octal.</summary>
    public static string? Mode(string xml) => HostXml.Read(xml, "a volume", static reader =>
        reader.ReadToFollowing("permissions") && reader.ReadToDescendant("mode") ? reader.ReadElementContentAsString() : null);

    /// <summary>What shows whether the volume was written to.</summary>
    public static ImageStamp Stamp(string xml) => HostXml.Read(xml, "a volume", static reader =>
    {
        var (physical, capacity, modified) = ("", "", (string?)null);
        reader.ReadStartElement("volume");
        while (reader.NodeType == XmlNodeType.Element)
        {
            switch (reader.Name)
            {
                case "physical":
                    physical = reader.ReadElementContentAsString();
                    break;
                case "capacity":
                    capacity = reader.ReadElementContentAsString();
                    break;
                case "target":
                    modified = Modified(reader.ReadSubtree());
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return ulong.TryParse(physical.Length > 0 ? physical : capacity, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? ImageStamp.Of(length, modified)
            : throw new XmlException("It does not tell the volume's length.");
    });

    private static string? Modified(XmlReader target)
    {
        using (target) return target.ReadToFollowing("timestamps") && target.ReadToDescendant("mtime") ? target.ReadElementContentAsString() : null;
    }

    private static string Write(string name, long capacity, string format, string mode, (string Path, string Format)? backing)
    {
        var text = new StringBuilder(512);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("volume");
            xml.WriteElementString("name", name);
            xml.WriteElementString("capacity", capacity.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("allocation", "0");
            xml.WriteStartElement("target");
            WriteFormat(xml, format);
            if (format == "qcow2") xml.WriteElementString("compat", "1.1");
            xml.WriteStartElement("permissions");
            xml.WriteElementString("mode", mode);
            xml.WriteEndElement();
            xml.WriteEndElement();
            if (backing is { } store)
            {
                xml.WriteStartElement("backingStore");
                xml.WriteElementString("path", store.Path);
                WriteFormat(xml, store.Format);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void WriteFormat(XmlWriter xml, string format)
    {
        xml.WriteStartElement("format");
        xml.WriteAttributeString("type", format);
        xml.WriteEndElement();
    }
}
