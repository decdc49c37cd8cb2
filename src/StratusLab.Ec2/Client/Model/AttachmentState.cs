namespace StratusLab.Ec2.Client.Model;

/// <summary>Whether a volume is attached. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct AttachmentState(string Value)
{
    public static AttachmentState Attaching => new("attaching");

    public static AttachmentState Attached => new("attached");

    public static AttachmentState Detaching => new("detaching");

    public static AttachmentState Detached => new("detached");

    public static AttachmentState Busy => new("busy");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
