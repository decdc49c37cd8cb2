namespace StratusLab.Oci;

/// <summary>A page of tags (OCI distribution specification, "Listing Tags").</summary>
internal sealed record TagList
{
    public IReadOnlyList<string>? Tags { get; init; }
}
