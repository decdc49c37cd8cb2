namespace StratusLab.Oci;

/// <summary>The file <c>oci-layout</c>, which marks a folder as an image layout.</summary>
internal sealed record OciLayoutMarker
{
    public required string ImageLayoutVersion { get; init; }
}
