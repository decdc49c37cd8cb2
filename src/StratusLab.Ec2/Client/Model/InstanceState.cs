namespace StratusLab.Ec2.Client.Model;

/// <summary>Where an instance stands in its life. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct InstanceState(string Value)
{
    public static InstanceState Pending => new("pending");

    public static InstanceState Running => new("running");

    public static InstanceState ShuttingDown => new("shutting-down");

    public static InstanceState Terminated => new("terminated");

    public static InstanceState Stopping => new("stopping");

    public static InstanceState Stopped => new("stopped");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
