namespace StratusLab.Ec2.Client.Model;

/// <summary>By what a fleet chooses among spot pools. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct SpotAllocation(string Value)
{
    public static SpotAllocation LowestPrice => new("lowest-price");

    public static SpotAllocation Diversified => new("diversified");

    public static SpotAllocation CapacityOptimized => new("capacity-optimized");

    public static SpotAllocation CapacityOptimizedPrioritized => new("capacity-optimized-prioritized");

    public static SpotAllocation PriceCapacityOptimized => new("price-capacity-optimized");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
