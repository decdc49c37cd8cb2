using StratusLab.Core;

namespace StratusLab.Ec2.Launch;

/// <summary>An instance type in a subnet and a market: one of the places where VMs may be launched.</summary>
/// <param name="InstanceType">The type.</param>
/// <param name="Zone">The zone that the subnet is in.</param>
/// <param name="SubnetId">The subnet.</param>
/// <param name="VpcId">The network that the subnet belongs to.</param>
/// <param name="Market">How a VM is paid for there.</param>
/// <param name="HourlyPrice">What a VM costs there an hour, in US dollars.</param>
internal sealed record LaunchPlace(string InstanceType, string Zone, string SubnetId, string VpcId, VmMarket Market, decimal HourlyPrice)
{
    /// <inheritdoc/>
    public override string ToString() => $"{InstanceType} in {Zone}{(Market == VmMarket.Spot ? " (spot)" : "")}";
}
