using StratusLab.Core;

namespace StratusLab.Ec2.Pricing;

/// <summary>An instance type for a VM, and what an hour of it costs in each zone that has it.</summary>
/// <param name="Offer">The type and the highest of the prices.</param>
/// <param name="Zones">US dollars per hour, machine and system disk together, by zone.</param>
internal sealed record ZonedOffer(MachineOffer Offer, IReadOnlyDictionary<string, decimal> Zones);
