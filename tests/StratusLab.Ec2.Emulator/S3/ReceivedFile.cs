namespace StratusLab.Ec2.Emulator.S3;

/// <summary>The body of a request in a file, verified.</summary>
/// <param name="Path">The file.</param>
/// <param name="Length">Its length.</param>
/// <param name="ETag">Its MD5 in hexadecimal digits.</param>
/// <param name="Checksums">Headers of checksums that were sent with it and hold.</param>
internal sealed record ReceivedFile(string Path, long Length, string ETag, Dictionary<string, string> Checksums);
