using System.Globalization;
using System.Text;
using System.Xml;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>The element in which a domain carries a <see cref="VmMetadata"/>: <c>&lt;vm xmlns="urn:stratuslab:vm:1"&gt;</c>.</summary>
internal static class MetadataXml
{
    public const string Namespace = "urn:stratuslab:vm:1";

    public const string Prefix = "stratus";

    public const string Element = "vm";

    /// <summary>The element as a text of its own, as libvirt's metadata call takes it: libvirt adds the prefix.</summary>
    public static string Format(VmMetadata metadata)
    {
        var text = new StringBuilder(512);
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment }))
            Write(writer, metadata, prefix: null);
        return text.ToString();
    }

    public static void Write(XmlWriter writer, VmMetadata metadata, string? prefix = Prefix)
    {
        writer.WriteStartElement(prefix, Element, Namespace);
        Attribute(writer, "request", metadata.RequestId.ToString("D"));
        Attribute(writer, "owner", metadata.Owner);
        Attribute(writer, "site", metadata.Site);
        Attribute(writer, "fleet", metadata.Fleet);
        Attribute(writer, "size", metadata.Size);
        Attribute(writer, "attempt", metadata.Attempt);
        Attribute(writer, "pool", metadata.Pool);
        Attribute(writer, "disk", metadata.Disk.Bytes.ToString(CultureInfo.InvariantCulture));
        Attribute(writer, "created", Format(metadata.CreatedAt));
        Attribute(writer, "expires", Format(metadata.ExpiresAt));
        Attribute(writer, "placement", metadata.PlacementReason);
        writer.WriteStartElement(prefix, "image", Namespace);
        Attribute(writer, "name", metadata.ImageName);
        Attribute(writer, "version", metadata.ImageVersion);
        Attribute(writer, "digest", metadata.ImageDigest);
        Attribute(writer, "disk", metadata.DiskDigest);
        Attribute(writer, "user", metadata.DefaultUser);
        writer.WriteEndElement();
        foreach (var (name, value) in metadata.Labels)
        {
            writer.WriteStartElement(prefix, "label", Namespace);
            Attribute(writer, "name", name);
            Attribute(writer, "value", value);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    /// <summary>Reads the element on which the reader stands, and leaves the reader on its end. Null if it is not one that this version can read.</summary>
    public static VmMetadata? Read(XmlReader reader)
    {
        VmMetadata? metadata = Guid.TryParse(reader.GetAttribute("request"), out var request)
            ? new VmMetadata
            {
                RequestId = request,
                Owner = reader.GetAttribute("owner") ?? "",
                Site = reader.GetAttribute("site") ?? "",
                Fleet = reader.GetAttribute("fleet"),
                Size = reader.GetAttribute("size"),
                Attempt = reader.GetAttribute("attempt"),
                Pool = reader.GetAttribute("pool"),
                Disk = long.TryParse(reader.GetAttribute("disk"), NumberStyles.None, CultureInfo.InvariantCulture, out var disk) ? new ByteSize(disk) : default,
                CreatedAt = ParseTime(reader.GetAttribute("created")),
                ExpiresAt = ParseTime(reader.GetAttribute("expires")),
                PlacementReason = reader.GetAttribute("placement"),
            }
            : null;
        if (reader.IsEmptyElement) return metadata;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != depth + 1) continue;
            switch (reader.LocalName)
            {
                case "image":
                    metadata = metadata is null ? null : metadata with
                    {
                        ImageName = reader.GetAttribute("name"),
                        ImageVersion = reader.GetAttribute("version"),
                        ImageDigest = reader.GetAttribute("digest"),
                        DiskDigest = reader.GetAttribute("disk"),
                        DefaultUser = reader.GetAttribute("user"),
                    };
                    break;
                case "label" when reader.GetAttribute("name") is { } name:
                    labels[name] = reader.GetAttribute("value") ?? "";
                    break;
            }
        }

        return metadata is null || labels.Count == 0 ? metadata : metadata with { Labels = labels };
    }

    private static string? Format(DateTimeOffset? time) => time?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static void Attribute(XmlWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteAttributeString(name, value);
    }
}
