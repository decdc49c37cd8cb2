namespace StratusLab.Ec2.Client.Model;

/// <summary>By what a fleet chooses among instance types on demand. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct OnDemandAllocation(string Value)
{
    public static OnDemandAllocation LowestPrice => new("lowest-price");

    public static OnDemandAllocation Prioritized => new("prioritized");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
