namespace StratusLab.Ec2.Client.Model;

/// <summary>What an image or instance type executes. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct CpuArchitecture(string Value)
{
    public static CpuArchitecture I386 => new("i386");

    public static CpuArchitecture X64 => new("x86_64");

    public static CpuArchitecture Arm64 => new("arm64");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
