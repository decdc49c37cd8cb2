namespace StratusLab.Ec2.Launch;

/// <summary>An instance type in a subnet: one of the places where a VM may be launched.</summary>
internal sealed record LaunchPlace(string InstanceType, string SubnetId);
