using System.Diagnostics;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;
using Xunit.Abstractions;

namespace StratusLab.Oci.Tests;

[Collection("registry")]
public sealed class RegistryResumeTests(OpenRegistry fixture, ITestOutputHelper output) : RegistryTest(fixture)
{
    private const int Chunk = 256 << 10;
    private const int Length = (5 * Chunk) + 1234;

    public static TheoryData<int> Places => [0, 1, Chunk - 1, Chunk, Chunk + 1, (3 * Chunk) - 1, 3 * Chunk, (3 * Chunk) + 1, Length - 1, .. RandomPlaces()];

    [RequiresTheory(Need.Registry)]
    [MemberData(nameof(Places))]
    public async Task A_download_that_breaks_goes_on_at_the_byte(int at)
    {
        var image = await PublishedAsync(seed: 20_000 + at);
        var broken = 0;
        var layer = await Artifact.LayerOfAsync(Here, image.Digest);
        Proxy.OnRequest = request => IsFor(request, layer) && Interlocked.Increment(ref broken) == 1 ? new() { CutResponseAt = at } : null;

        await PullAsync(image);

        await Artifact.VerifyAsync(There, image.Digest);
        Assert.Equal(2, broken);
        Assert.InRange(Proxy.BytesReceived, Length, Length + 500);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(There.Folder, ".partial")));
    }

    [RequiresTheory(Need.Registry)]
    [MemberData(nameof(Places))]
    public async Task An_upload_that_breaks_goes_on_at_the_byte_where_the_registry_can_tell(int at)
    {
        var image = await Artifact.AddAsync(Here, Length, seed: 30_000 + at);
        var records = Path.Combine(Folder, "uploads");
        Use(Artifact.Quick with { ChunkSize = Chunk, UploadsFolder = records });
        Proxy.KeepsUploads = true;
        BreakUploadAt(at);

        await PushAsync(image);

        Proxy.OnRequest = null;
        Assert.InRange(Proxy.BytesSent, Length, Length + 500);
        await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);
        Assert.Empty(Directory.EnumerateFiles(records));
    }

    [RequiresTheory(Need.Registry)]
    [MemberData(nameof(Places))]
    public async Task An_upload_that_breaks_begins_anew_where_the_registry_cannot_tell(int at)
    {
        var image = await Artifact.AddAsync(Here, Length, seed: 40_000 + at);
        Use(Artifact.Quick with { ChunkSize = Chunk });
        BreakUploadAt(at);

        await PushAsync(image);

        Proxy.OnRequest = null;
        // Now and then docker-registry 2.8 says where to go on while it still writes what came before the break: then it is three times.
        Assert.InRange(Proxy.BytesSent, Length, (3 * Length) + 500);
        await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    public async Task A_lost_answer_to_a_step_of_an_upload_is_made_good(string method)
    {
        var image = await Artifact.AddAsync(Here, Length, seed: 50_000 + method.Length);
        Use(Artifact.Quick with { ChunkSize = Chunk });
        Proxy.KeepsUploads = true;
        var seen = 0;
        Proxy.OnRequest = request => request.Method == method && Interlocked.Increment(ref seen) == 2 ? new() { LoseAnswer = true } : null;

        await PushAsync(image);

        Assert.True(seen >= 2);
        Assert.InRange(Proxy.BytesSent, Length, Length + 500);
        Proxy.OnRequest = null;
        await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_download_without_ranges_is_made_whole_from_its_beginning()
    {
        var image = await PublishedAsync(seed: 60_000);
        var layer = await Artifact.LayerOfAsync(Here, image.Digest);
        Use(Artifact.Quick with { ChunkSize = Chunk });
        var broken = 0;
        Proxy.OnRequest = request => IsFor(request, layer) ? new() { HideRange = true, CutResponseAt = Interlocked.Increment(ref broken) == 1 ? 3 * Chunk : null } : null;

        await PullAsync(image);

        Assert.Equal(2, broken);
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData("pull")]
    [InlineData("push")]
    public async Task A_process_that_is_killed_is_followed_by_one_that_goes_on(string direction)
    {
        const int length = 24 << 20;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Proxy.KeepsUploads = true;
        var image = direction == "pull" ? await PublishedAsync(seed, length) : await Artifact.AddAsync(Here, length, seed);
        Proxy.Reset();

        var kills = 0;
        for (var round = 0; round < 3; round++)
        {
            using var process = Start(direction, image);
            var goal = Moved() + random.Next(1, length / 4);
            Proxy.OnMoved = () =>
            {
                if (Moved() >= goal) process.Kill();
            };
            await process.WaitForExitAsync();
            Proxy.OnMoved = null;
            if (process.ExitCode != 0) kills++;
        }

        using var last = Start(direction, image);
        await last.WaitForExitAsync();

        Assert.Equal(0, last.ExitCode);
        Assert.Equal(3, kills);
        output.WriteLine($"{Moved()} bytes for {length}");
        // What was on the way to the process that ended: at most a piece on each of its connections.
        Assert.InRange(Moved(), length, length + 1000 + (direction == "pull" ? kills * 4 * Chunk : 0));
        if (direction == "push") await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);

        long Moved() => direction == "pull" ? Proxy.BytesReceived : Proxy.BytesSent;
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_that_dies_is_waited_for_and_then_named(bool returns)
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var proxy = new RegistryProxy(registry.Port);
        using var client = new RegistryClient(proxy.Address, Artifact.Quick with { ChunkSize = Chunk, MaxAttempts = returns ? 100 : 3, RetryDelay = TimeSpan.FromMilliseconds(100) });
        var image = await Artifact.AddAsync(Here, Length, seed: returns ? 61 : 62);
        var chunks = 0;
        var killed = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.OnRequest = request =>
        {
            if (request.Method == "PATCH" && Interlocked.Increment(ref chunks) == 3) killed.SetResult(registry.KillAsync());
            return null;
        };

        var pushing = new RegistryTransfer(client, Here).PushAsync(image.Digest, "a/b", "1");
        await await killed.Task;
        if (returns)
        {
            await registry.StartProcessAsync();
            await pushing;
            await new RegistryTransfer(client, There).PullAsync("a/b", "1");
            await Artifact.VerifyAsync(There, image.Digest);
        }
        else
        {
            var error = await Assert.ThrowsAsync<RegistryException>(() => pushing);
            Assert.Equal(RegistryErrorKind.Connection, error.Kind);
            Assert.Contains(proxy.Address, error.Message, StringComparison.Ordinal);
            Assert.Contains("tried 3 times", error.Message, StringComparison.Ordinal);
        }
    }

    private static int[] RandomPlaces()
    {
        var seed = Random.Shared.Next();
        Console.WriteLine($"Places to break at: seed {seed}");
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 4).Select(_ => random.Next(2, Length))];
    }

    private static bool IsFor(ProxiedRequest request, OciDescriptor blob) => request.ReadsBlob && request.Target.EndsWith(blob.Digest.ToString(), StringComparison.Ordinal);

    private async Task<OciDescriptor> PublishedAsync(int seed, int length = Length)
    {
        var image = await Artifact.AddAsync(Here, length, seed);
        await PushAsync(image);
        Proxy.Reset();
        return image;
    }

    // Breaks the connection once, when the registry has so many bytes of the layer.
    private void BreakUploadAt(int at)
    {
        var before = 0L;
        var broken = false;
        Proxy.OnRequest = request =>
        {
            if (broken || request.Method != "PATCH") return null;
            var length = long.Parse(request.Headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture);
            if (before + length <= at)
            {
                before += length;
                return null;
            }

            broken = true;
            return new() { CutRequestAt = at - before };
        };
    }

    private Process Start(string direction, OciDescriptor image) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [typeof(RegistryProxy).Assembly.Location, direction, direction == "pull" ? There.Folder : Here.Folder, Proxy.Address, Repository, image.Digest.ToString()]) { UseShellExecute = false })!;
}
