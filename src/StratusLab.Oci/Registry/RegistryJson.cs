using System.Text.Json.Serialization;

namespace StratusLab.Oci;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CredentialFile))]
[JsonSerializable(typeof(HelperAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(ErrorList))]
internal sealed partial class RegistryJson : JsonSerializerContext;
