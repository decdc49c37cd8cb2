using StratusLab.Core;

namespace StratusLab.Ec2.Pricing;

/// <summary>An instance type for a VM, and what an hour of it costs in each zone that has it.</summary>
/// <param name="Offer">The type and the highest of the prices.</param>
/// <param name="IsBurstable">Whether the type saves up CPU credits while it is idle and spends them when it is not.</param>
/// <param name="Zones">US dollars per hour, machine and system disk together, by zone.</param>
internal sealed record ZonedOffer(MachineOffer Offer, bool IsBurstable, IReadOnlyDictionary<string, decimal> Zones);
