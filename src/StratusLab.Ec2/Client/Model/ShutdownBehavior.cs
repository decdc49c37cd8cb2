namespace StratusLab.Ec2.Client.Model;

/// <summary>What becomes of an instance that powers itself off. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct ShutdownBehavior(string Value)
{
    public static ShutdownBehavior Stop => new("stop");

    public static ShutdownBehavior Terminate => new("terminate");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
