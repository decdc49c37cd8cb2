namespace StratusLab.Sdk;

/// <summary>Who somebody is that signed.</summary>
/// <param name="Endorser">In whose name; null if the site knows none.</param>
/// <param name="Thumbprints">The certificates that this rests on, the signer's own first.</param>
/// <param name="IsFit">Whether the certificate may sign statements at all.</param>
/// <param name="Problem">Why it is nobody whom the site knows.</param>
internal sealed record SignerIdentity(Endorser? Endorser, IReadOnlyList<string> Thumbprints, bool IsFit, string? Problem);
