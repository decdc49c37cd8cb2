using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;

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
        lock (emulator.Cloud.Gate) Populate(emulator.Cloud);
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

    private static void Populate(EmulatedCloud cloud)
    {
        string[] types = ["t3.micro", "m5.large", "c5.xlarge", "r5.large"];
        for (var number = 0; number < Count; number++)
        {
            var subnet = cloud.Subnets[number % cloud.Subnets.Count];
            var address = subnet.NextAddress();
            var instance = new EmulatedInstance
            {
                Id = cloud.NewId("i"), ReservationId = cloud.NewId("r"), Type = cloud.Type(types[number % types.Length]), ImageId = cloud.Images[0].Id, Subnet = subnet,
                PrivateAddress = address, PublicAddress = "3.248" + address[6..], ClientToken = Guid.NewGuid().ToString("D"), GroupIds = [cloud.Groups[0].Id], LaunchTime = cloud.Now,
                HttpTokens = "required", Tags = Tags(number),
            };
            var volume = new EmulatedVolume
            {
                Id = cloud.NewId("vol"), SizeGiB = 20, Zone = subnet.Zone, Type = "gp3", Encrypted = true, CreatedAt = cloud.Now, InstanceId = instance.Id, Device = instance.RootDevice,
                DeleteOnTermination = true, Tags = [],
            };
            instance.Volumes.Add(volume);
            instance.Change("running", "running", cloud.Now);
            cloud.Volumes.Add(volume);
            cloud.Instances.Add(instance);
        }
    }

    private static Dictionary<string, string> Tags(int number) => new(StringComparer.Ordinal)
    {
        ["Name"] = string.Create(CultureInfo.InvariantCulture, $"atlas-{number:000}"),
        ["stratuslab:request"] = Guid.NewGuid().ToString("D"),
        ["stratuslab:owner"] = "alice",
        ["stratuslab:site"] = "physics",
        ["stratuslab:fleet"] = "atlas",
        ["stratuslab:image"] = "debian:12",
        ["stratuslab:image-digest"] = "sha256:" + new string('a', 64),
        ["stratuslab:user"] = "debian",
        ["stratuslab:size"] = "small",
        ["stratuslab:reason"] = "the host with the lowest price that has room",
        ["stratuslab:created"] = "2026-11-22T12:00:00.0000000Z",
        ["stratuslab:disk"] = "21474836480",
        ["stratuslab:firmware"] = "Bios",
        ["stratuslab:label:project"] = string.Create(CultureInfo.InvariantCulture, $"p{number}"),
        ["stratuslab:label:stage"] = "production",
    };
}
