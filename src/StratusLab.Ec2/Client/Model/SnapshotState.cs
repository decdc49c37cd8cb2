namespace StratusLab.Ec2.Client.Model;

/// <summary>Where a snapshot stands. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct SnapshotState(string Value)
{
    public static SnapshotState Pending => new("pending");

    public static SnapshotState Completed => new("completed");

    public static SnapshotState Error => new("error");

    public static SnapshotState Recoverable => new("recoverable");

    public static SnapshotState Recovering => new("recovering");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
