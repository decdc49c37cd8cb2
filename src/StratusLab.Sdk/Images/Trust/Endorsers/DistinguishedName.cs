using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StratusLab.Sdk;

/// <summary>An X.500 name in the order and form of RFC 4514, the most specific part first.</summary>
internal sealed class DistinguishedName
{
    // RFC 4514, section 3, and what grid certificates have beside it.
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["2.5.4.3"] = "CN",
        ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST",
        ["2.5.4.10"] = "O",
        ["2.5.4.11"] = "OU",
        ["2.5.4.6"] = "C",
        ["2.5.4.9"] = "STREET",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",
        ["2.5.4.4"] = "SN",
        ["2.5.4.5"] = "SERIALNUMBER",
        ["2.5.4.12"] = "TITLE",
        ["2.5.4.42"] = "GN",
        ["1.2.840.113549.1.9.1"] = "E",
    };

    private DistinguishedName(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>The parts, most specific first. Each has one attribute, rarely several.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The name of a certificate.</summary>
    /// <exception cref="CryptographicException">The name is malformed.</exception>
    public static DistinguishedName Of(X500DistinguishedName name)
    {
        try
        {
            var parts = new List<Part>();
            var sequence = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                var set = sequence.ReadSetOf();
                var attributes = new List<Attribute>();
                while (set.HasData) attributes.Add(ReadAttribute(set.ReadSequence()));
                parts.Add(new Part(attributes));
            }

            parts.Reverse();
            return new DistinguishedName(parts);
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("the certificate's name is malformed", e);
        }
    }

    /// <summary>The object identifier that a short name stands for; null if it is not known.</summary>
    public static string? IdentifierOf(string shortName) => shortName.ToUpperInvariant() switch
    {
        "EMAIL" or "EMAILADDRESS" => "1.2.840.113549.1.9.1",
        "S" => "2.5.4.8",
        var name => ShortNames.FirstOrDefault(n => n.Value == name).Key,
    };

    public override string ToString() => string.Join(',', Parts.Select(p => string.Join('+', p.Attributes.Select(Show))));

    private static Attribute ReadAttribute(AsnReader attribute)
    {
        var type = attribute.ReadObjectIdentifier();
        var tag = attribute.PeekTag();
        var isText = tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String
            or UniversalTagNumber.BMPString or UniversalTagNumber.VisibleString or UniversalTagNumber.NumericString;
        return isText
            ? new Attribute(type, attribute.ReadCharacterString((UniversalTagNumber)tag.TagValue))
            : new Attribute(type, "#" + Convert.ToHexStringLower(attribute.ReadEncodedValue().Span));
    }

    private static string Show(Attribute attribute)
    {
        var text = new StringBuilder(ShortNames.GetValueOrDefault(attribute.Type, attribute.Type)).Append('=');
        for (var i = 0; i < attribute.Value.Length; i++)
        {
            var c = attribute.Value[i];
            var isEdge = (i == 0 && c is ' ' or '#') || (i == attribute.Value.Length - 1 && c == ' ');
            if (char.IsControl(c)) text.Append('?');
            else if (isEdge || c is ',' or '+' or '"' or '\\' or '<' or '>' or ';') text.Append('\\').Append(c);
            else text.Append(c);
        }

        return text.ToString();
    }

    internal readonly record struct Attribute(string Type, string Value);

    internal sealed record Part(IReadOnlyList<Attribute> Attributes);
}
