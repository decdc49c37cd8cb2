namespace StratusLab.Ec2.Client.Model;

/// <summary>Whose machine an instance runs on. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct Tenancy(string Value)
{
    public static Tenancy Default => new("default");

    public static Tenancy Dedicated => new("dedicated");

    public static Tenancy Host => new("host");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
