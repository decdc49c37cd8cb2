using StratusLab.Core;
using StratusLab.Ec2;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;

namespace StratusLab.Conformance.Tests;

/// <summary>An emulated region of EC2, looked at from within.</summary>
public sealed class Ec2HostUnderTest : HostUnderTest
{
    private Ec2Emulator? _ec2;

    public override bool GivesExactSizes => false;

    public override ImageContent Image { get; } = MemoryImage.Random(1 << 20);

    public override string UnmanagedName => "legacy-1";

    public override string Uri => At(Ec2.Endpoint);

    public override string UnreachableUri => At(new Uri("http://127.0.0.1:1")) + "&attempts=1";

    public override IReadOnlyList<string> WrongUris { get; } =
    [
        "ec2:eu-west-1", "ec2://", "ec2://nowhere", "ec2://eu-west-1/path", "ec2://AKIA:secret@eu-west-1", "ec2://eu-west-1:80", "ec2://eu-west-1?endpoint=here",
        "ec2://eu-west-1?attempts=0", "ec2://eu-west-1?fips=perhaps", "ec2://eu-west-1?colour=red", "ec2://eu-west-1?endpoint=http://127.0.0.1&fips=true", "ec2://eu-west-1?profile=",
        "ec2://eu-west-1?bucket=Not_A_Bucket", "ec2://eu-west-1?s3=here",
    ];

    public override IComputeProviderFactory Factory { get; } = new Ec2ProviderFactory();

    private Ec2Emulator Ec2 => _ec2 ?? throw new InvalidOperationException("The emulator has not been started.");

    public override Task<string> FootprintAsync()
    {
        lock (Ec2.Cloud.Gate)
        {
            var cloud = Ec2.Cloud;
            var there = cloud.Instances.Where(instance => !instance.IsTerminated(cloud.Now)).Select(instance => instance.Id)
                .Concat(cloud.Volumes.Select(volume => volume.Id)).Concat(cloud.Images.Select(image => image.Id)).Concat(cloud.Snapshots.Select(snapshot => snapshot.Id))
                .Concat(cloud.Store.Buckets.SelectMany(bucket => bucket.Objects.Keys.Concat(bucket.Uploads.Select(upload => upload.Id))));
            return Task.FromResult(string.Join('\n', there.Order(StringComparer.Ordinal)));
        }
    }

    public override Task<string> DescribeAsync() => Task.FromResult(string.Join('\n', Ec2.Calls.TakeLast(20).Select(call => $"{call.Action}: {call.Outcome}")));

    // EC2 launches whole instances or none; what can be left over is a volume that outlived its instance.
    public override Task LeaveHalfMadeAsync(VmRequest request)
    {
        lock (Ec2.Cloud.Gate)
        {
            Ec2.Cloud.Volumes.Add(new EmulatedVolume
            {
                Id = Ec2.Cloud.NewId("vol"), SizeGiB = 1, Zone = Ec2.Cloud.Zones[0], CreatedAt = Ec2.Cloud.Now,
                Tags = new(StringComparer.Ordinal) { ["stratuslab:request"] = request.RequestId.ToString("D") },
            });
        }

        return Task.CompletedTask;
    }

    public override async Task InitializeAsync()
    {
        var options = new EmulatorOptions();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", options.AccessKeyId);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", options.SecretAccessKey);
        _ec2 = await Ec2Emulator.StartAsync(options);
        var cloud = _ec2.Cloud;
        lock (cloud.Gate)
        {
            cloud.Images[0].Tags["note"] = "not ours";
            var foreign = new EmulatedInstance
            {
                Id = cloud.NewId("i"), ReservationId = cloud.NewId("r"), Type = cloud.Type("t3.micro"), ImageId = cloud.Images[0].Id, Subnet = cloud.Subnets[0],
                PrivateAddress = cloud.Subnets[0].NextAddress(), GroupIds = [cloud.Groups[0].Id], Tags = new(StringComparer.Ordinal) { ["Name"] = UnmanagedName },
            };
            foreign.Change("pending", "running", cloud.Now);
            cloud.Instances.Add(foreign);
        }

        await using var provider = Connect();
        await ((IImageHost)provider).EnsureImageAsync(Image);
    }

    public override async Task DisposeAsync()
    {
        if (_ec2 is not null) await _ec2.DisposeAsync();
    }

    private static string At(Uri endpoint) => $"ec2://eu-west-1?endpoint={System.Uri.EscapeDataString(endpoint.AbsoluteUri)}";
}
