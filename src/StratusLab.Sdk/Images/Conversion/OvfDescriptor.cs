using System.Globalization;
using System.Text;
using System.Xml;

namespace StratusLab.Sdk;

/// <summary>Describes an image with one disk for other hypervisors (DMTF DSP0243, "Open Virtualization Format", version 1.1; resource types of DSP0004).</summary>
internal static class OvfDescriptor
{
    private const string Ovf = "http://schemas.dmtf.org/ovf/envelope/1";
    private const string Rasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
    private const string DiskFormat = "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized";

    public static byte[] Write(StratusImage image, string diskFile, long diskLength)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("Envelope", Ovf);
            xml.WriteAttributeString("xmlns", "ovf", null, Ovf);
            xml.WriteAttributeString("xmlns", "rasd", null, Rasd);
            Section(xml, "References", null, () => Element(xml, "File", ("id", "file1"), ("href", diskFile), ("size", Text(diskLength))));
            Section(xml, "DiskSection", "The disk", () => Element(xml, "Disk", ("diskId", "disk1"), ("fileRef", "file1"), ("capacity", Text(image.VirtualSize.Bytes)), ("format", DiskFormat)));
            Section(xml, "NetworkSection", "The network", () => Element(xml, "Network", ("name", "default")));
            xml.WriteStartElement("VirtualSystem", Ovf);
            xml.WriteAttributeString("id", Ovf, image.Name);
            xml.WriteElementString("Info", Ovf, image.Title ?? image.Reference);
            Section(xml, "OperatingSystemSection", "The operating system", () => { }, ("id", image.Os == "linux" ? "101" : "1"));
            Section(xml, "VirtualHardwareSection", "The hardware", () =>
            {
                Item(xml, 1, "1 virtual CPU", 3, ("VirtualQuantity", "1"));
                Item(xml, 2, "1024 MB of memory", 4, ("AllocationUnits", "byte * 2^20"), ("VirtualQuantity", "1024"));
                Item(xml, 3, "SATA controller", 20, ("ResourceSubType", "AHCI"));
                Item(xml, 4, "disk", 17, ("HostResource", "ovf:/disk/disk1"), ("Parent", "3"), ("AddressOnParent", "0"));
                Item(xml, 5, "network card", 10, ("ResourceSubType", "E1000"), ("Connection", "default"));
            });
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return buffer.ToArray();
    }

    private static void Section(XmlWriter xml, string name, string? info, Action content, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name, Ovf);
        foreach (var (attribute, value) in attributes) xml.WriteAttributeString(attribute, Ovf, value);
        if (info is not null) xml.WriteElementString("Info", Ovf, info);
        content();
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name, Ovf);
        foreach (var (attribute, value) in attributes) xml.WriteAttributeString(attribute, Ovf, value);
        xml.WriteEndElement();
    }

    // The schema wants the elements of an item in the order of their names.
    private static void Item(XmlWriter xml, int id, string name, int type, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var elements = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["ElementName"] = name, ["InstanceID"] = Text(id), ["ResourceType"] = Text(type) };
        foreach (var (key, value) in more) elements[key] = value;
        xml.WriteStartElement("Item", Ovf);
        foreach (var (key, value) in elements) xml.WriteElementString(key, Rasd, value);
        xml.WriteEndElement();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
