namespace StratusLab.Ec2.Client.Model;

/// <summary>How an instance is paid for, where it is not on demand. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct MarketType(string Value)
{
    public static MarketType Spot => new("spot");

    public static MarketType CapacityBlock => new("capacity-block");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
