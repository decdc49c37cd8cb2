namespace StratusLab.Oci;

/// <summary>The body of a refusal (OCI distribution specification, "Error Codes").</summary>
internal sealed record ErrorList
{
    public IReadOnlyList<ErrorEntry>? Errors { get; init; }

    internal sealed record ErrorEntry
    {
        public string? Code { get; init; }

        public string? Message { get; init; }
    }
}
