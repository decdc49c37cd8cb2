using StratusLab.Rig.Requirements;
using Xunit.Abstractions;

namespace StratusLab.Sdk.Tests;

/// <summary>Processes that are killed in the middle of a transfer, and ten administrators at once.</summary>
[Collection("marketplaces")]
public sealed class MarketplaceProcessTests(RegistryFixture fixture, ITestOutputHelper output) : MarketplaceTest(fixture)
{
    private const int Piece = 256 << 10;
    private const int Administrators = 10;

    [RequiresTheory(Need.Registry)]
    [InlineData("publish", true)]
    [InlineData("publish", false)]
    [InlineData("receive", true)]
    public async Task A_transfer_whose_process_is_killed_again_and_again_is_made_whole_by_the_next(string verb, bool registryKeepsUploads)
    {
        const int kills = 6;
        const int megabytes = 12;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var image = await Here.PublishAsync($"killed-{verb}-{(registryKeepsUploads ? 1 : 2)}", megabytes);
        if (verb == "receive") await Here.Site.Marketplaces.PublishAsync(image.Reference, "lab");
        var site = verb == "receive" ? There : Here;
        string[] arguments = verb == "receive" ? [verb, site.Site.Folder, $"lab/{image.Reference}"] : [verb, site.Site.Folder, image.Reference, "lab"];
        // docker-registry 2.8 forgets how far an upload got that broke within a chunk; newer ones do not, as the proxy plays them.
        Proxy.KeepsUploads = registryKeepsUploads;
        Proxy.Reset();

        var killed = 0;
        for (var round = 0; round < kills; round++)
        {
            await using var process = OtherProcess.Start(arguments);
            var goal = Moved() + random.Next(1, (megabytes << 20) / (kills + 1));
            Proxy.OnMoved = () =>
            {
                if (Moved() >= goal) process.Kill();
            };
            if (await process.ExitCodeAsync() != 0) killed++;
            Proxy.OnMoved = null;
        }

        await using var last = OtherProcess.Start(arguments);
        Assert.Equal(0, await last.ExitCodeAsync());
        output.WriteLine($"killed {killed} times; {Moved()} bytes for {image.StoredSize.Bytes}");

        Assert.True(killed > 0);
        // What was on the way to the process that ended: at most a piece on each of its connections.
        var lost = verb == "receive" ? killed * 4L * Piece : registryKeepsUploads ? 0 : killed * image.StoredSize.Bytes;
        Assert.InRange(Moved(), image.StoredSize.Bytes, image.StoredSize.Bytes + lost + 5000);
        Proxy.KeepsUploads = false;
        var received = await There.Site.Marketplaces.ReceiveAsync($"lab/{image.Reference}");
        Assert.Equal(image.Digest, received.Digest);
        await VerifyAsync(There, received);

        long Moved() => verb == "receive" ? Proxy.BytesReceived : Proxy.BytesSent;
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(1)]
    [InlineData(Administrators)]
    public async Task Ten_administrators_who_publish_and_receive_the_same_at_once_send_it_once(int sites)
    {
        var tests = new List<TestSite> { Here };
        for (var i = 1; i < sites; i++) tests.Add(await OpenAsync());
        var image = await Here.PublishAsync($"shared-{sites}", 6);
        foreach (var other in tests.Skip(1)) CopyStore(Here, other);
        Proxy.Reset();

        await RunAsync(i => ["publish", tests[i % sites].Site.Folder, image.Reference, "lab"]);

        output.WriteLine($"{Proxy.BytesSent} bytes for {image.StoredSize.Bytes}");
        var uploads = Proxy.Requests.Count(r => r.Method == "PUT" && r.SendsBlob && r.Target.Contains(Uri.EscapeDataString(image.DiskDigest), StringComparison.Ordinal));
        Assert.Equal(1, uploads);
        Assert.InRange(Proxy.BytesSent, image.StoredSize.Bytes, image.StoredSize.Bytes + 5000);

        foreach (var test in tests) await test.Site.Images.RemoveAsync(image.Reference);
        Proxy.Reset();
        await RunAsync(i => ["receive", tests[i % sites].Site.Folder, $"lab/{image.Reference}"]);

        // Each site has a store of its own, and each store gets it once.
        Assert.InRange(Proxy.BytesReceived, sites * image.StoredSize.Bytes, (sites * image.StoredSize.Bytes) + (Administrators * 5000));
        foreach (var test in tests) await VerifyAsync(test, await test.Site.Images.GetAsync(image.Reference));
        foreach (var other in tests.Skip(1)) await other.DisposeAsync();
    }

    private static async Task RunAsync(Func<int, string[]> arguments)
    {
        var processes = Enumerable.Range(0, Administrators).Select(i => OtherProcess.Start(arguments(i))).ToList();
        foreach (var process in processes)
        {
            Assert.Equal(0, await process.ExitCodeAsync());
            await process.DisposeAsync();
        }
    }

    // The same image in another store, as when the file was published there too.
    private static void CopyStore(TestSite from, TestSite to)
    {
        var (source, target) = (Path.Combine(from.Site.Folder, "images"), Path.Combine(to.Site.Folder, "images"));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
