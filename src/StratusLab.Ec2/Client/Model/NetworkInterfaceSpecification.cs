using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A network interface of an instance to be launched.</summary>
internal sealed record NetworkInterfaceSpecification : IQueryObject
{
    public int? DeviceIndex { get; init; }

    public bool? AssociatePublicIPAddress { get; init; }

    public string? SubnetId { get; init; }

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public bool? DeleteOnTermination { get; init; }

    public string? Description { get; init; }

    public int? Ipv6AddressCount { get; init; }

    public string? InterfaceType { get; init; }

    public string? PrivateIPAddress { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("DeviceIndex", DeviceIndex);
        query.Add("AssociatePublicIpAddress", AssociatePublicIPAddress);
        query.Add("SubnetId", SubnetId);
        query.Add("SecurityGroupId", SecurityGroupIds);
        query.Add("DeleteOnTermination", DeleteOnTermination);
        query.Add("Description", Description);
        query.Add("Ipv6AddressCount", Ipv6AddressCount);
        query.Add("InterfaceType", InterfaceType);
        query.Add("PrivateIpAddress", PrivateIPAddress);
    }
}
