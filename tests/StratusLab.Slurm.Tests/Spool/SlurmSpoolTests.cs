using StratusLab.Core;

namespace StratusLab.Slurm.Tests.Spool;

/// <summary>Requests survive whoever works on them, and a broken file stops no other.</summary>
public sealed class SlurmSpoolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stratus-spool-").FullName;

    [Fact]
    public async Task Request_is_given_again_until_it_is_acknowledged()
    {
        Write("1-1-resume.json", "resume", "c1");
        Write("2-1-suspend.json", "suspend", "c2");
        var spool = new SlurmSpool(_folder);
        Assert.Equal(["c1", "c2"], await NodesAsync(spool, 2));
        Assert.Equal(["c1", "c2"], await NodesAsync(new SlurmSpool(_folder), 2));

        await foreach (var request in spool.WatchAsync().WithTimeout())
        {
            await spool.AcknowledgeAsync(request);
            await spool.AcknowledgeAsync(request);
            break;
        }

        Assert.Equal(["c2"], await NodesAsync(new SlurmSpool(_folder), 1));
    }

    [Fact]
    public async Task New_request_comes_while_watching_and_no_request_comes_twice()
    {
        var spool = new SlurmSpool(_folder);
        Write("1-1-resume.json", "resume", "c1");
        var seen = new List<string>();
        await foreach (var request in spool.WatchAsync().WithTimeout())
        {
            seen.Add(request.Nodes[0]);
            if (seen.Count < 4) Write($"{seen.Count + 1}-1-resume.json", "resume", $"c{seen.Count + 1}");
            else break;
        }

        Assert.Equal(["c1", "c2", "c3", "c4"], seen);
    }

    [Theory]
    [InlineData("", "content")]
    [InlineData("{\"version\":1,\"verb\":\"resume\",\"no", "content")]
    [InlineData("[]", "content")]
    [InlineData("{\"version\":2,\"verb\":\"resume\",\"nodes\":\"c1\",\"at\":1}", "version")]
    [InlineData("{\"version\":1,\"verb\":\"reboot\",\"nodes\":\"c1\",\"at\":1}", "verb")]
    [InlineData("{\"version\":1,\"verb\":\"resume\",\"nodes\":\"c[1\",\"at\":1}", "nodes")]
    [InlineData("{\"version\":1,\"verb\":\"resume\",\"nodes\":\"\",\"at\":1}", "nodes")]
    [InlineData("{\"version\":1,\"verb\":\"resume\",\"nodes\":\"c1\"}", "at")]
    public async Task Broken_file_is_set_aside_and_named(string content, string field)
    {
        File.WriteAllText(Path.Combine(_folder, "1-1-resume.json"), content);
        Write("2-1-resume.json", "resume", "c2");
        var broken = new List<InvalidInputException>();
        await foreach (var request in new SlurmSpool(_folder).WatchAsync(broken.Add).WithTimeout())
        {
            Assert.Equal("c2", request.Nodes[0]);
            break;
        }

        var e = Assert.Single(broken);
        Assert.Equal(("SlurmRequestInvalid", field), (e.ErrorId, e.Field));
        Assert.Contains("1-1-resume.json", e.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, SlurmSpool.QuarantineFolder, "1-1-resume.json")));
    }

    [Fact]
    public async Task What_the_hook_is_still_writing_is_not_seen()
    {
        File.WriteAllText(Path.Combine(_folder, ".1-1-resume"), "{");
        File.WriteAllText(Path.Combine(_folder, ".1-1-resume.json"), "{");
        Write("2-1-resume.json", "resume", "c2");
        Assert.Equal(["c2"], await NodesAsync(new SlurmSpool(_folder), 1));
    }

    [Fact]
    public void Folder_that_cannot_be_made_is_said()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var e = Assert.Throws<StratusException>(() => new SlurmSpool(Path.Combine(file, "spool")));
        Assert.Equal("SlurmSpoolUnusable", e.ErrorId);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<List<string>> NodesAsync(SlurmSpool spool, int count)
    {
        var nodes = new List<string>();
        await foreach (var request in spool.WatchAsync().WithTimeout())
        {
            nodes.Add(request.Nodes[0]);
            if (nodes.Count == count) break;
        }

        return nodes;
    }

    private void Write(string name, string verb, string nodes)
    {
        var part = Path.Combine(_folder, "." + name);
        File.WriteAllText(part, $$"""{"version":1,"verb":"{{verb}}","nodes":"{{nodes}}","at":1795818200}""");
        File.Move(part, Path.Combine(_folder, name));
    }
}
