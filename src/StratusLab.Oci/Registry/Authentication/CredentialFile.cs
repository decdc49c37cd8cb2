namespace StratusLab.Oci;

/// <summary>What is read of a credential file.</summary>
internal sealed record CredentialFile
{
    public Dictionary<string, CredentialEntry>? Auths { get; init; }

    public Dictionary<string, string>? CredHelpers { get; init; }

    public string? CredsStore { get; init; }
}
