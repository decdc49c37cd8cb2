using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>The buckets of the region, this account's and others'. What they hold lies in files of a temporary folder. Whoever reads or changes it holds the cloud's gate.</summary>
public sealed class ObjectStore : IDisposable
{
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("emulated-s3-").FullName);
    private readonly EmulatorOptions _options;
    private long _received;

    internal ObjectStore(EmulatorOptions options) => _options = options;

    public List<EmulatedBucket> Buckets { get; } = [];

    /// <summary>Bytes of objects and parts that arrived whole, those that came twice counted twice.</summary>
    public long BytesReceived => Interlocked.Read(ref _received);

    /// <summary>The bucket, if the account may use it.</summary>
    /// <exception cref="Ec2FaultException">There is none, or somebody else has it, or it is in another region.</exception>
    public EmulatedBucket Bucket(string name)
    {
        var bucket = Buckets.Find(b => b.Name == name) ?? throw new Ec2FaultException("NoSuchBucket", "The specified bucket does not exist", System.Net.HttpStatusCode.NotFound);
        if (bucket.OwnerId != _options.AccountId) throw new Ec2FaultException("AccessDenied", "Access Denied", System.Net.HttpStatusCode.Forbidden);
        if (bucket.Region != _options.Region)
            throw new Ec2FaultException("PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.", System.Net.HttpStatusCode.MovedPermanently);
        return bucket;
    }

    /// <summary>Puts an object into a bucket, which is made if it is not there.</summary>
    public void Put(string bucketName, string key, byte[] content)
    {
        if (Buckets.Find(b => b.Name == bucketName) is not { } bucket)
            Buckets.Add(bucket = new EmulatedBucket { Name = bucketName, Region = _options.Region, OwnerId = _options.AccountId, CreatedAt = _options.Clock.GetUtcNow() });
        var path = NewFile();
        File.WriteAllBytes(path, content);
        bucket.Objects[key] = new EmulatedObject { Path = path, Length = content.Length, ETag = "put", ModifiedAt = _options.Clock.GetUtcNow() };
    }

    internal string NewFile() => Path.Combine(_folder.Value, Guid.NewGuid().ToString("N"));

    internal void Count(long bytes) => Interlocked.Add(ref _received, bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder.IsValueCreated) Directory.Delete(_folder.Value, recursive: true);
    }
}
