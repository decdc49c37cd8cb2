using StratusLab.Core;

namespace StratusLab.Ec2.Pricing;

/// <summary>A machine that the region sells, and what it costs an hour in each zone that has it.</summary>
internal sealed record ZonedOffer(MachineOffer Offer, IReadOnlyDictionary<string, decimal> Zones);
