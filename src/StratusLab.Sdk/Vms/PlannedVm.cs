using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A VM that can be created, and where.</summary>
/// <param name="Request">The complete request.</param>
/// <param name="Host">The registered name of the host.</param>
/// <param name="Reason">Why it goes there.</param>
public sealed record PlannedVm(VmRequest Request, string Host, string Reason)
{
    internal HostRoom? Room { get; init; }
}
