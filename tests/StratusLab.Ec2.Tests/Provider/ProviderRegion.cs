using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Rig;

namespace StratusLab.Ec2.Tests.Provider;

/// <summary>An emulated region that has our image, and providers that share one journal of calls.</summary>
internal sealed class ProviderRegion : IAsyncDisposable
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    private readonly TimeProvider _clock;

    private ProviderRegion(Ec2Emulator emulator, TimeProvider clock)
    {
        Emulator = emulator;
        _clock = clock;
        Calls = new MemoryCallJournal(clock);
    }

    public Ec2Emulator Emulator { get; }

    public EmulatedCloud Cloud => Emulator.Cloud;

    public MemoryCallJournal Calls { get; }

    /// <summary>Identities of the instances that exist.</summary>
    public IReadOnlyList<string> Alive
    {
        get
        {
            lock (Cloud.Gate) return [.. Cloud.Instances.Where(i => !i.IsTerminated(Cloud.Now)).Select(i => i.Id)];
        }
    }

    public static async Task<ProviderRegion> StartAsync(EmulatorOptions? options = null, TimeProvider? clock = null)
    {
        var emulator = await Ec2Emulator.StartAsync(options);
        AddImage(emulator.Cloud);
        return new ProviderRegion(emulator, clock ?? TimeProvider.System);
    }

    public static void AddImage(EmulatedCloud cloud)
    {
        lock (cloud.Gate)
        {
            cloud.Images.Add(new EmulatedImage
            {
                Id = cloud.NewId("ami"), Name = "ours", OwnerId = cloud.Options.AccountId, SnapshotId = cloud.Snapshots[0].Id, SizeGiB = 1, CreatedAt = cloud.Now,
                Tags = new(StringComparer.Ordinal) { ["stratuslab:image-digest"] = Digest },
            });
        }
    }

    public IComputeProvider Connect(string more = "", ICallJournal? calls = null) => new Ec2ProviderFactory(_clock).Create(
        new HostDefinition { Name = "aws", Uri = $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(Emulator.Endpoint.AbsoluteUri)}{more}" }, calls ?? Calls);

    public int Count(string action) => Emulator.Calls.Count(call => call.Action == action);

    public static IReadOnlyList<VmRequest> Requests(int count)
    {
        var first = Request();
        return [.. Enumerable.Range(1, count).Select(number => first with { RequestId = Guid.NewGuid(), Name = $"atlas-{number:0000}" })];
    }

    public static VmRequest Request()
    {
        var id = Guid.NewGuid();
        return new VmRequest
        {
            RequestId = id, Name = $"v{id.ToString("N")[..10]}", Cpu = 1, Memory = ByteSize.FromMiB(512), Owner = "test", Site = "test", CreatedAt = DateTimeOffset.UtcNow.AddHours(-1),
            Image = new ImageDescriptor
            {
                Name = "debian", Version = "12", Digest = Digest, DiskDigest = "sha256:" + new string('b', 64), DiskLength = 1 << 20, Format = DiskFormat.Qcow2,
                VirtualSize = ByteSize.FromGiB(1),
            },
        };
    }

    public static VirtualMachine Succeeded(VmOutcome outcome) => outcome.Vm ?? throw new InvalidOperationException("It failed.", outcome.Error);

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
