using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using StratusLab.Rig;

namespace StratusLab.Benchmarks;

/// <summary>
/// A region with 1,000 running instances in it. What the emulator answers to a request is recorded at its first time and sent as it is from
/// then on, so that the server's own time hardly counts.
/// </summary>
internal sealed class RecordedRegion : IAsyncDisposable
{
    public const int Count = 1000;

    private static readonly EmulatorOptions Options = new();

    private readonly Ec2Emulator _emulator;
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, byte[]> _replies = new(StringComparer.Ordinal);

    private RecordedRegion(Ec2Emulator emulator)
    {
        _emulator = emulator;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>Where it answers.</summary>
    public string Endpoint => _server.Urls.Single();

    /// <summary>What clients find the keys and the region in.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = Options.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = Options.SecretAccessKey,
        ["AWS_DEFAULT_REGION"] = Options.Region,
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
    };

    public static async Task<RecordedRegion> StartAsync(CancellationToken cancel)
    {
        var emulator = await Ec2Emulator.StartAsync(Options, cancel);
        await PopulateAsync(emulator, cancel);
        var region = new RecordedRegion(emulator);
        await region._server.StartAsync(cancel);
        return region;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    public static void Check(int seen)
    {
        if (seen != Count) throw new InvalidOperationException($"{seen} of {Count} instances were seen whole.");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var reply = _replies.GetOrAdd(body, static (text, emulator) => Encoding.UTF8.GetBytes(emulator.Answer(QueryForm.Parse(text))), _emulator);
        http.Response.ContentType = "text/xml;charset=UTF-8";
        http.Response.ContentLength = reply.Length;
        await http.Response.Body.WriteAsync(reply, http.RequestAborted);
    }

    // As our client launches them, with the tags that it gives; the peers read the same.
    private static async Task PopulateAsync(Ec2Emulator emulator, CancellationToken cancel)
    {
        var digest = "sha256:" + new string('a', 64);
        lock (emulator.Cloud.Gate)
        {
            emulator.Cloud.Images.Add(new EmulatedImage
            {
                Id = emulator.Cloud.NewId("ami"), Name = "debian-12", OwnerId = Options.AccountId, SnapshotId = emulator.Cloud.Snapshots[0].Id, SizeGiB = 20, CreatedAt = emulator.Cloud.Now,
                Tags = new(StringComparer.Ordinal) { ["stratuslab:image-digest"] = digest },
            });
        }

        var image = new ImageDescriptor { Name = "debian", Version = "12", Digest = digest, DiskDigest = digest, DiskLength = 1 << 30, Format = DiskFormat.Qcow2, VirtualSize = ByteSize.FromGiB(20) };
        var createdAt = DateTimeOffset.UtcNow; // the same for all, or each would be launched by a call of its own, of which EC2 takes two a second
        var requests = Enumerable.Range(0, Count).Select(number => new VmRequest
        {
            RequestId = Guid.NewGuid(), Name = string.Create(CultureInfo.InvariantCulture, $"atlas-{number:000}"), Image = image, Cpu = 1, Memory = ByteSize.FromMiB(512), Size = "small", Fleet = "atlas",
            Owner = "alice", Site = "physics", CreatedAt = createdAt, Labels = new Dictionary<string, string> { ["project"] = "p1", ["stage"] = "production" },
        });
        foreach (var (key, value) in Environment) System.Environment.SetEnvironmentVariable(key, value);
        await using var provider = Ec2Listing.Open(emulator.Endpoint.AbsoluteUri);
        await foreach (var outcome in provider.CreateAsync([.. requests], cancel))
        {
            if (outcome.Error is { } error) throw error;
        }

        await Poll.UntilAsync("the instances to run", async c => await Ec2Listing.ReadAsync(provider, c) == Count, cancel: cancel);
    }
}
