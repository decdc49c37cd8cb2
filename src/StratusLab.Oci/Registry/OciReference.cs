using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace StratusLab.Oci;

/// <summary>Where an artifact is: <c>registry[:port]/repository[:tag][@digest]</c>, such as <c>registry.example.org/images/debian:12</c>.</summary>
/// <remarks>The grammar is that of the OCI distribution specification 1.1, "Pulling manifests". The registry is never left out.</remarks>
public sealed partial record OciReference : IParsable<OciReference>
{
    private const string Form = "A reference is 'registry/repository:tag' or 'registry/repository@sha256:digest', such as registry.example.org/images/debian:12";

    /// <summary>Host name or address of the registry, with its port if it is not the usual one.</summary>
    public required string Registry { get; init; }

    /// <summary>Name of the repository: lower-case parts, with slashes between them.</summary>
    public required string Repository { get; init; }

    /// <summary>The tag, if one is said.</summary>
    public string? Tag { get; init; }

    /// <summary>The manifest's digest, if it is said.</summary>
    public OciDigest? Digest { get; init; }

    /// <summary>What is asked for: the digest, else the tag, else <c>latest</c>.</summary>
    public string Target => Digest?.ToString() ?? Tag ?? "latest";

    /// <summary>Reads a reference.</summary>
    /// <exception cref="FormatException">The text is no reference; the message says which part.</exception>
    public static OciReference Parse(string s) => Parse(s, null);

    /// <inheritdoc cref="Parse(string)"/>
    public static OciReference Parse(string s, IFormatProvider? provider) => Read(s, out var why) ?? throw new FormatException($"{Form}; {why}.");

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [NotNullWhen(true)] out OciReference? result) =>
        (result = Read(s, out _)) is not null;

    /// <summary>The reference as it is written.</summary>
    public override string ToString() => $"{Registry}/{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    internal static bool IsRegistry(string text) => RegistryName().IsMatch(text);

    internal static bool IsRepository(string text) => text.Length <= 255 && RepositoryName().IsMatch(text);

    internal static bool IsTag(string text) => TagName().IsMatch(text);

    private static OciReference? Read(string? text, out string? why)
    {
        why = null;
        var rest = text ?? string.Empty;
        OciDigest? digest = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!OciDigest.TryParse(rest[(at + 1)..], null, out var parsed)) why = "what follows '@' is no digest";
            digest = parsed;
            rest = rest[..at];
        }

        string? tag = null;
        if (rest.LastIndexOf(':') is >= 0 and var colon && colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!IsTag(tag)) why ??= "the tag is up to 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-'";
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var registry = slash < 0 ? string.Empty : rest[..slash];
        var repository = rest[(slash + 1)..];
        if (!IsRegistry(registry) || !(registry.AsSpan().ContainsAny('.', ':') || registry == "localhost")) why ??= "it begins with the registry's host name";
        if (!IsRepository(repository)) why ??= "the repository is lower-case letters, digits and single separators, with '/' between its parts";
        return why is null ? new OciReference { Registry = registry, Repository = repository, Tag = tag, Digest = digest } : null;
    }

    [GeneratedRegex(@"\A([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RegistryName();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RepositoryName();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TagName();
}
