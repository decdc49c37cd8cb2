namespace StratusLab.Ec2.Client.Model;

/// <summary>Where a volume stands in its life. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct VolumeState(string Value)
{
    public static VolumeState Creating => new("creating");

    public static VolumeState Available => new("available");

    public static VolumeState InUse => new("in-use");

    public static VolumeState Deleting => new("deleting");

    public static VolumeState Deleted => new("deleted");

    public static VolumeState Error => new("error");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
