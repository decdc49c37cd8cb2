namespace StratusLab.Core;

/// <summary>An image's disk as a host keeps it.</summary>
/// <param name="Host">The registered name of the host.</param>
/// <param name="DiskDigest">SHA-256 of the disk file.</param>
/// <param name="Length">Bytes that it takes on the host.</param>
/// <param name="WasSent">Whether this call sent it; false if it was there.</param>
public sealed record HostImage(string Host, string DiskDigest, ByteSize Length, bool WasSent);
