using StratusLab.Core;

namespace StratusLab.Ec2.Launch;

/// <summary>An instance type in a subnet and a market: one of the places where VMs may be launched.</summary>
/// <param name="InstanceType">The type.</param>
/// <param name="Zone">The zone that the subnet is in.</param>
/// <param name="SubnetId">The subnet.</param>
/// <param name="VpcId">The network that the subnet belongs to.</param>
/// <param name="Market">How a VM is paid for there.</param>
/// <param name="HourlyPrice">What a VM costs there an hour, in US dollars, its system disk included.</param>
internal sealed record LaunchPlace(string InstanceType, string Zone, string SubnetId, string VpcId, VmMarket Market, decimal HourlyPrice)
{
    /// <summary>The part of the price that is the disk's.</summary>
    public required decimal DiskPrice { get; init; }

    /// <summary>Whether the type saves up CPU credits while it is idle and spends them when it is not.</summary>
    public required bool IsBurstable { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{InstanceType} in {Zone}{(Market == VmMarket.Spot ? " (spot)" : "")}";
}
