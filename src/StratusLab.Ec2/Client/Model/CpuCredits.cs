namespace StratusLab.Ec2.Client.Model;

/// <summary>How a burstable instance runs when its CPU credits are spent. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct CpuCredits(string Value)
{
    /// <summary>At the baseline of its type, at no further cost.</summary>
    public static CpuCredits Standard => new("standard");

    /// <summary>As fast as before, at a further price per vCPU and hour.</summary>
    public static CpuCredits Unlimited => new("unlimited");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
