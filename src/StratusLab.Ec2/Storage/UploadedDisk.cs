namespace StratusLab.Ec2.Storage;

/// <summary>A disk that lies in the bucket complete.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">Its key.</param>
/// <param name="Format">What it is, in the words of VM Import.</param>
/// <param name="ModifiedAt">When it was complete; tells it from one that was there before.</param>
internal sealed record UploadedDisk(string Bucket, string Key, string Format, DateTime ModifiedAt);
