using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>What to use, and why.</summary>
internal sealed record CanaryVerdict(Accelerator Accelerator, string Reason);
