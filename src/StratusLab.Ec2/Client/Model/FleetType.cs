namespace StratusLab.Ec2.Client.Model;

/// <summary>How a fleet keeps its capacity. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct FleetType(string Value)
{
    public static FleetType Request => new("request");

    public static FleetType Maintain => new("maintain");

    public static FleetType Instant => new("instant");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
