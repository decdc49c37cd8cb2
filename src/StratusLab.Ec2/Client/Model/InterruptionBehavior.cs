namespace StratusLab.Ec2.Client.Model;

/// <summary>What becomes of a spot instance that EC2 takes back. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct InterruptionBehavior(string Value)
{
    public static InterruptionBehavior Hibernate => new("hibernate");

    public static InterruptionBehavior Stop => new("stop");

    public static InterruptionBehavior Terminate => new("terminate");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
