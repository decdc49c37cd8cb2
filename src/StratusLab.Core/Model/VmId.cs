namespace StratusLab.Core;

/// <summary>What names one VM among all hosts of a site.</summary>
/// <param name="Host">The registered name of the host that runs it.</param>
/// <param name="Key">The identity that the host gives it: a libvirt UUID, an EC2 instance id.</param>
public readonly record struct VmId(string Host, string Key)
{
    /// <summary><c>host/key</c>.</summary>
    public override string ToString() => $"{Host}/{Key}";
}
