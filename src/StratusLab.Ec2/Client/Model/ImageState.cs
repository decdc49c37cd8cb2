namespace StratusLab.Ec2.Client.Model;

/// <summary>Whether an image can be launched. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct ImageState(string Value)
{
    public static ImageState Pending => new("pending");

    public static ImageState Available => new("available");

    public static ImageState Invalid => new("invalid");

    public static ImageState Deregistered => new("deregistered");

    public static ImageState Transient => new("transient");

    public static ImageState Failed => new("failed");

    public static ImageState Error => new("error");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
