namespace StratusLab.GridEngine.Tests.Nodes;

/// <summary>Names and addresses of burst nodes: each name has one address, and each address one name.</summary>
public sealed class NodeHostsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stratus-hosts-");

    private string File => Path.Combine(_folder.FullName, "burst");

    [Fact]
    public async Task Address_goes_from_the_name_that_had_it_to_the_one_that_has_it()
    {
        using var hosts = new NodeHostsFile(File);
        await hosts.SetAsync("burst-1", "192.0.2.1", CancellationToken.None);
        await hosts.SetAsync("burst-2", "192.0.2.2", CancellationToken.None);
        await hosts.SetAsync("burst-3", "192.0.2.1", CancellationToken.None);
        await hosts.SetAsync("burst-2", "192.0.2.9", CancellationToken.None);
        var lines = await System.IO.File.ReadAllLinesAsync(File);
        Assert.Equal([$"{NodeHostsFile.Nobody("burst-1")} burst-1", "192.0.2.1 burst-3", "192.0.2.9 burst-2"], lines);
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Names_without_a_machine_have_addresses_that_no_network_has() =>
        Assert.All(Enumerable.Range(1, 4096), number => Assert.InRange(int.Parse(NodeHostsFile.Nobody($"burst-{number}").Split('.')[0], System.Globalization.CultureInfo.InvariantCulture), 240, 254));

    public void Dispose() => _folder.Delete(recursive: true);
}
