using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.S3;
using StratusLab.Rig;

namespace StratusLab.Ec2.Tests.Images;

/// <summary>An emulated region to which images go, and what is there of them.</summary>
internal sealed class ImageRegion(Ec2Emulator emulator) : IAsyncDisposable
{
    public Ec2Emulator Emulator { get; } = emulator;

    public MemoryCallJournal Calls { get; } = new();

    public EmulatedCloud Cloud => Emulator.Cloud;

    /// <summary>The machine images that this account has.</summary>
    public IReadOnlyList<EmulatedImage> Ours => [.. Cloud.Images.Where(i => i.OwnerId == Cloud.Options.AccountId)];

    /// <summary>The snapshots of which none of the region's public images is made.</summary>
    public IReadOnlyList<EmulatedSnapshot> Snapshots => [.. Cloud.Snapshots.Where(s => !Cloud.Images.Exists(i => i.IsPublic && i.SnapshotId == s.Id))];

    /// <summary>What lies in buckets, complete or not.</summary>
    public IReadOnlyList<string> Stored => [.. Cloud.Store.Buckets.SelectMany(b => b.Objects.Keys.Concat(b.Uploads.Select(u => u.Key)))];

    public static async Task<ImageRegion> StartAsync(EmulatorOptions? options = null) => new(await Ec2Emulator.StartAsync(options));

    public string Uri(string more = "") => $"ec2://eu-west-1?endpoint={System.Uri.EscapeDataString(Emulator.Endpoint.AbsoluteUri)}{more}";

    public IComputeProvider Connect(string more = "", TimeSpan ahead = default) =>
        new Ec2ProviderFactory(new AheadClock(ahead)).Create(new HostDefinition { Name = "aws", Uri = Uri(more) }, Calls);

    public void AddBucket(string name, string region = "eu-west-1", string? owner = null) =>
        Cloud.Store.Buckets.Add(new EmulatedBucket { Name = name, Region = region, OwnerId = owner ?? Cloud.Options.AccountId });

    /// <summary>One machine image of one snapshot, and nothing else.</summary>
    public void RequireOne()
    {
        var image = Assert.Single(Ours);
        Assert.Equal(image.SnapshotId, Assert.Single(Snapshots).Id);
        Assert.Empty(Stored);
        Assert.DoesNotContain("stratuslab:upload", image.Tags.Keys);
        Assert.Empty(Emulator.Violations);
    }

    public void RequireNothing()
    {
        Assert.Empty(Ours);
        Assert.Empty(Snapshots);
        Assert.Empty(Stored);
    }

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();

    // As for a process that comes later: who was sending is not any more.
    private sealed class AheadClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
