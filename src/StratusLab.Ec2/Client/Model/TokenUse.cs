namespace StratusLab.Ec2.Client.Model;

/// <summary>Whether the instance metadata service asks for a session token. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct TokenUse(string Value)
{
    public static TokenUse Optional => new("optional");

    public static TokenUse Required => new("required");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
