namespace StratusLab.Ec2.Client.Model;

/// <summary>A market that an instance type is offered in. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct UsageClass(string Value)
{
    public static UsageClass OnDemand => new("on-demand");

    public static UsageClass Spot => new("spot");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
