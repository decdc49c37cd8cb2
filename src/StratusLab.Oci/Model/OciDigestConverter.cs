using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Oci;

internal sealed class OciDigestConverter : JsonConverter<OciDigest>
{
    public override OciDigest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OciDigest.TryParse(reader.GetString(), null, out var digest) ? digest : throw new JsonException("A digest is malformed or of an unknown algorithm.");

    public override void Write(Utf8JsonWriter writer, OciDigest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
