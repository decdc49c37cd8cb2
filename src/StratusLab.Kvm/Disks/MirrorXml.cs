using System.Text;
using System.Xml;

namespace StratusLab.Kvm;

/// <summary>The XML of a disk's mirror (libvirt.org/formatdomain.html).</summary>
internal static class MirrorXml
{
    /// <summary>The <c>disk</c> element of a qcow2 file that is to become the copy.</summary>
    public static string Target(string path)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("disk");
            xml.WriteAttributeString("type", "file");
            xml.WriteStartElement("driver");
            xml.WriteAttributeString("name", "qemu");
            xml.WriteAttributeString("type", "qcow2");
            xml.WriteEndElement();
            xml.WriteStartElement("source");
            xml.WriteAttributeString("file", path);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    /// <summary>The file into which a domain's disk is being mirrored; null for none.</summary>
    public static string? TargetOf(string domainXml) => HostXml.Read(domainXml, "a domain", static reader =>
        reader.ReadToFollowing("mirror") && reader.ReadToDescendant("source") ? reader.GetAttribute("file") : null);
}
