namespace StratusLab.Ec2.Client.Model;

/// <summary>How a placement group lays out its instances. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct PlacementStrategy(string Value)
{
    public static PlacementStrategy Cluster => new("cluster");

    public static PlacementStrategy Spread => new("spread");

    public static PlacementStrategy Partition => new("partition");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
