namespace StratusLab.Sdk;

/// <summary>The right to change a burst's ledger, until another controller takes it.</summary>
/// <param name="Burst">The burst.</param>
/// <param name="Fence">Rises with each controller; a write with an older one is refused.</param>
internal sealed record BurstTenure(string Burst, long Fence);
