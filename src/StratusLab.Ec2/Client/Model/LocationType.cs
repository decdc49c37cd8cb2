namespace StratusLab.Ec2.Client.Model;

/// <summary>What an offering is for. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct LocationType(string Value)
{
    public static LocationType Region => new("region");

    public static LocationType AvailabilityZone => new("availability-zone");

    public static LocationType AvailabilityZoneId => new("availability-zone-id");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
