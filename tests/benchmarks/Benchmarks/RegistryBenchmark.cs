using System.Diagnostics;
using System.Globalization;
using StratusLab.Core;
using StratusLab.Oci;
using StratusLab.Rig;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Benchmarks;

/// <summary>A 2 GiB image to a docker-registry, or from there, against skopeo: whole processes, into registries and folders that know nothing yet.</summary>
internal sealed class RegistryBenchmark(string name, bool push) : Benchmark(name, limit: 0.5, Need.Registry, Need.Skopeo)
{
    public const string Push = "registry-push";
    public const string Pull = "registry-pull";
    private const long AllowedMemory = 150 << 20;
    private const string Repository = "bench/image";

    /// <summary>In a process of its own: copies, and tells what the process held at its peak.</summary>
    public static async Task<long> MeasureAsync(string work, string address, string folder, string digest)
    {
        using var client = new RegistryClient(address, new RegistryOptions { Credentials = new CredentialFiles([]) });
        var transfer = new RegistryTransfer(client, await OciLayout.OpenAsync(folder));
        if (work == Push) await transfer.PushAsync(OciDigest.Parse(digest), Repository, "1");
        else await transfer.PullAsync(Repository, "1", SyntheticLayout.Tag);
        return await ResidentMemory.PeakAsync();
    }

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        using var layout = await SyntheticLayout.MakeAsync(cancel);
        var memory = 0L;
        await using var source = push ? null : await DockerRegistry.StartAsync(cancel: cancel);
        if (source is not null) await ChildProcess.RunAsync(cancel, Push, source.Address, layout.Folder, layout.Digest);
        var (ours, theirs) = await Interleaved.MediansAsync(3, OursAsync, PeerAsync);
        var result = BenchmarkResult.OfTimes(ours, theirs);
        var held = string.Create(CultureInfo.InvariantCulture, $"{new ByteSize(memory)}");
        return memory <= AllowedMemory
            ? result with { Ours = $"{result.Ours} ({held})" }
            : throw new InvalidOperationException($"{Name} took {result.Ours} to {result.Peer}, but held {held} of memory, where {new ByteSize(AllowedMemory)} are allowed.");

        Task<TimeSpan> OursAsync() => TimeAsync(async (address, folder) =>
            memory = Math.Max(memory, await ChildProcess.RunAsync(cancel, push ? Push : Pull, address, folder, layout.Digest)));

        Task<TimeSpan> PeerAsync() => TimeAsync((address, folder) =>
        {
            var (local, remote) = ($"oci:{folder}:{SyntheticLayout.Tag}", $"docker://{address}/{Repository}:1");
            return Command.RunAsync("skopeo", push ? ["copy", "-q", "--dest-tls-verify=false", local, remote] : ["copy", "-q", "--src-tls-verify=false", remote, local], cancel);
        });

        // Both meet a registry or a folder that holds nothing: neither may find there what the other has brought.
        async Task<TimeSpan> TimeAsync(Func<string, string, Task> copy)
        {
            await using var target = push ? await DockerRegistry.StartAsync(cancel: cancel) : null;
            var folder = push ? null : Directory.CreateTempSubdirectory("stratuslab-bench-");
            try
            {
                var start = Stopwatch.GetTimestamp();
                await copy((target ?? source)!.Address, folder?.FullName ?? layout.Folder);
                return Stopwatch.GetElapsedTime(start);
            }
            finally
            {
                folder?.Delete(recursive: true);
            }
        }
    }
}
