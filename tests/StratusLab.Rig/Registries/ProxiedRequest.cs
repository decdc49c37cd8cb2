namespace StratusLab.Rig.Registries;

/// <summary>A request that a <see cref="RegistryProxy"/> has seen.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The headers.</param>
public sealed record ProxiedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether it carries credentials.</summary>
    public bool HasCredentials => Headers.ContainsKey("Authorization");

    /// <summary>Whether it asks for a content.</summary>
    public bool ReadsBlob => Method == "GET" && Target.Contains("/blobs/sha256:", StringComparison.Ordinal);

    /// <summary>Whether it carries a part of a content.</summary>
    public bool SendsBlob => Method is "PATCH" or "PUT" && Target.Contains("/blobs/uploads/", StringComparison.Ordinal);
}
