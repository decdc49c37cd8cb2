namespace StratusLab.Sdk;

/// <summary>A verdict, and what else the decision needs to know of the signer.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="IsFit">Whether the signer's certificate may sign statements at all.</param>
/// <param name="IsDenied">Whether the policy denies the signer.</param>
internal sealed record JudgedStatement(StatementVerdict Verdict, bool IsFit = false, bool IsDenied = false);
