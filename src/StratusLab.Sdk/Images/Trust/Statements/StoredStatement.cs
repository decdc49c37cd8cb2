using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>A statement artifact of the local store.</summary>
/// <param name="Artifact">Its manifest.</param>
/// <param name="Kind">What it claims to be.</param>
/// <param name="Signed">What it holds, if its signature is good and it speaks of the image.</param>
/// <param name="Problem">Why it says nothing; null if it does.</param>
internal sealed record StoredStatement(OciDigest Artifact, ImageStatementKind Kind, SignedStatement? Signed, string? Problem);
