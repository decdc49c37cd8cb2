using System.Diagnostics;
using System.Globalization;
using StratusLab.Rig;
using StratusLab.Sdk;

namespace StratusLab.Benchmarks;

/// <summary>A 2 GiB disk into the local store, checked and hashed, against <c>openssl dgst -sha256</c> and <c>cp</c> of it. The file is read once.</summary>
internal sealed class PublishBenchmark() : Benchmark("publish-local", limit: 1.1)
{
    private const long Length = 2L << 30;

    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("stratuslab-bench-");
        try
        {
            var disk = Path.Combine(folder.FullName, "disk.raw");
            await using (var file = File.Create(disk))
            await using (var content = await (await SyntheticImage.MakeAsync(Length)).OpenAsync(cancel))
            {
                // A boot sector without partitions, without which no raw file is taken for a disk.
                await content.CopyToAsync(file, cancel);
                file.Position = 0;
                await file.WriteAsync(new byte[510], cancel);
                await file.WriteAsync(new byte[] { 0x55, 0xAA }, cancel);
            }

            var (ours, theirs) = await Interleaved.MediansAsync(3, OursAsync, PeerAsync);
            return BenchmarkResult.OfTimes(ours, theirs);

            async Task<TimeSpan> OursAsync()
            {
                var home = Directory.CreateDirectory(Path.Combine(folder.FullName, "site"));
                try
                {
                    await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = home.FullName, Providers = [] }, cancel);
                    var before = await BytesReadAsync(cancel);
                    var start = Stopwatch.GetTimestamp();
                    await site.Images.PublishAsync(new ImagePublication { Path = disk, Name = "bench" }, null, cancel);
                    var time = Stopwatch.GetElapsedTime(start);
                    var read = await BytesReadAsync(cancel) - before;
                    return read < Length * 1.01 ? time : throw new InvalidOperationException($"{read} bytes were read of a file of {Length}.");
                }
                finally
                {
                    home.Delete(recursive: true);
                }
            }

            async Task<TimeSpan> PeerAsync()
            {
                var copy = Path.Combine(folder.FullName, "copy.raw");
                var start = Stopwatch.GetTimestamp();
                await Command.RunAsync("openssl", ["dgst", "-sha256", disk], cancel);
                await Command.RunAsync("cp", [disk, copy], cancel);
                var time = Stopwatch.GetElapsedTime(start);
                File.Delete(copy);
                return time;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What this process has read from files and elsewhere so far (proc(5), <c>rchar</c>).</summary>
    private static async Task<long> BytesReadAsync(CancellationToken cancel) =>
        long.Parse((await File.ReadAllLinesAsync("/proc/self/io", cancel)).First(line => line.StartsWith("rchar:", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);
}
