namespace StratusLab.Oci;

/// <summary>A page of repositories (distribution's "Listing Repositories"; not of the OCI specification).</summary>
internal sealed record RepositoryList
{
    public IReadOnlyList<string>? Repositories { get; init; }
}
