namespace StratusLab.Libvirt.Rpc;

/// <summary>A piece of a received stream: <see cref="Length"/> bytes of data, or a hole when <see cref="Data"/> is <see langword="null"/>.</summary>
internal readonly record struct StreamSegment(byte[]? Data, long Length)
{
    public bool IsHole => Data is null;
}
