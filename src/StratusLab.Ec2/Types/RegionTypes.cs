using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Types;

/// <summary>The instance types that a region has, and the zones that have each.</summary>
internal sealed record RegionTypes(IReadOnlyList<InstanceTypeInfo> All, ILookup<string, string> Zones);
