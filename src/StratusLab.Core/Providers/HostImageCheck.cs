namespace StratusLab.Core;

/// <summary>What reading an image's disk back from a host has shown.</summary>
/// <param name="Host">The registered name of the host.</param>
/// <param name="DiskDigest">SHA-256 that the disk file should have.</param>
/// <param name="FoundDigest">SHA-256 that it has.</param>
/// <param name="Length">Bytes that were read.</param>
public sealed record HostImageCheck(string Host, string DiskDigest, string FoundDigest, ByteSize Length)
{
    /// <summary>Whether it is what was published.</summary>
    public bool IsIntact => FoundDigest == DiskDigest;
}
