namespace StratusLab.Ec2.Client.Model;

/// <summary>The kind of storage behind a volume. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct VolumeType(string Value)
{
    public static VolumeType Standard => new("standard");

    public static VolumeType Io1 => new("io1");

    public static VolumeType Io2 => new("io2");

    public static VolumeType Gp2 => new("gp2");

    public static VolumeType Gp3 => new("gp3");

    public static VolumeType St1 => new("st1");

    public static VolumeType Sc1 => new("sc1");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
