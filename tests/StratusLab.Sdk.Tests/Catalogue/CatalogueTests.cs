using Microsoft.Data.Sqlite;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class CatalogueTests : IDisposable
{
    private readonly string _folder = TestSite.NewFolder();

    private string File1 => Path.Combine(_folder, "catalogue.db");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task Folder_and_files_are_their_owners_only_from_the_beginning()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var test = await TestSite.OpenAsync(_folder);
        await test.Site.Sizes.AddAsync(new VmSize("own", 1, ByteSize.FromGiB(1), ByteSize.Zero));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
        foreach (var file in new[] { File1, File1 + "-wal", File1 + "-shm" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_closed_to_them()
    {
        if (OperatingSystem.IsWindows()) return;
        await (await TestSite.OpenAsync(_folder)).DisposeAsync();
        File.SetUnixFileMode(File1, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        await using var test = await TestSite.OpenAsync(_folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
    }

    [Fact]
    public async Task A_folder_that_others_may_write_to_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(_folder);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);

        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(_folder));

        Assert.Equal("SiteFolderNotPrivate", error.ErrorId);
        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Many_who_open_a_new_folder_at_once_all_get_the_same_catalogue()
    {
        // The window in which one reads what another is writing is short; without care about a fifth of the rounds falls into it.
        for (var round = 0; round < 40; round++)
        {
            var folder = Path.Combine(_folder, $"round{round}");
            var sites = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TestSite.OpenAsync(folder))));
            await sites[0].Site.Sizes.AddAsync(new VmSize("own", 1, ByteSize.FromGiB(1), ByteSize.Zero));
            foreach (var site in sites)
            {
                Assert.Equal("own", (await site.Site.Sizes.GetAsync("own")).Name);
                await site.DisposeAsync();
            }
        }
    }

    [Theory]
    [InlineData("this is no database, it is a letter to a friend")]
    [InlineData("SQLite format 3\0 and then nonsense, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense")]
    [InlineData("x")]
    public async Task A_file_that_is_no_catalogue_is_named_and_left_alone(string content)
    {
        PrivateFolder.Ensure(_folder);
        await File.WriteAllTextAsync(File1, content);

        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(_folder));

        Assert.Equal("CatalogueCorrupt", error.ErrorId);
        Assert.Contains(File1, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(File1));
    }

    [Fact]
    public async Task A_catalogue_damaged_in_the_middle_or_cut_short_is_found_out()
    {
        await (await TestSite.OpenAsync(_folder)).DisposeAsync();
        var whole = await File.ReadAllBytesAsync(File1);

        var damaged = (byte[])whole.Clone();
        damaged.AsSpan(4096, 8192).Fill(0xA5);
        await AssertCorruptAsync(damaged);
        await AssertCorruptAsync(whole[..(whole.Length / 2)]);
    }

    [Fact]
    public async Task A_newer_catalogue_is_left_as_it_is()
    {
        await (await TestSite.OpenAsync(_folder)).DisposeAsync();
        Run("PRAGMA user_version = 99; PRAGMA journal_mode = DELETE");
        var before = await File.ReadAllBytesAsync(File1);

        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(_folder));

        Assert.Equal("CatalogueTooNew", error.ErrorId);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Contains(File1, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(File1));
    }

    [Fact]
    public async Task Another_programs_database_is_refused()
    {
        PrivateFolder.Ensure(_folder);
        Run("CREATE TABLE theirs (x)");

        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(_folder));

        Assert.Equal("CatalogueForeign", error.ErrorId);
    }

    [Fact]
    public async Task What_was_stored_is_there_again()
    {
        await using (var first = await TestSite.OpenAsync(_folder))
        {
            await first.Site.Sizes.AddAsync(new VmSize("own", 3, ByteSize.FromGiB(5), ByteSize.FromGiB(7)));
            await first.Site.Hosts.AddAsync(new HostDefinition { Name = "node1", Uri = "sim://box1", Labels = new Dictionary<string, string> { ["rack"] = "a1" }, CpuOvercommit = 2.5 });
        }

        await using var second = await TestSite.OpenAsync(_folder);
        Assert.Equal(new VmSize("own", 3, ByteSize.FromGiB(5), ByteSize.FromGiB(7)), await second.Site.Sizes.GetAsync("OWN"));
        var host = await second.Site.Hosts.GetAsync("NODE1");
        Assert.Equal(("node1", "sim://box1", 2.5, "a1", Accelerator.Tcg), (host.Name, host.Uri, host.CpuOvercommit, host.Labels["rack"], host.DecidedAccelerator));
    }

    [Fact]
    public async Task Two_sites_side_by_side_share_one_folder_and_know_two_sessions()
    {
        await using var first = await TestSite.OpenAsync(_folder);
        await using var second = await TestSite.OpenAsync(_folder);
        await first.Site.Sizes.AddAsync(new VmSize("own", 1, ByteSize.FromGiB(1), ByteSize.Zero));

        Assert.Equal("own", (await second.Site.Sizes.GetAsync("own")).Name);
        Assert.Equal(first.Site.Name, second.Site.Name);
        Assert.Equal(2, (await second.Site.InspectAsync()).LiveSessions);
    }

    [Fact]
    public async Task Many_open_and_write_a_new_site_at_once()
    {
        var sites = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TestSite.OpenAsync(_folder))));
        await Task.WhenAll(sites.SelectMany((s, i) => Enumerable.Range(0, 10).Select(
            j => s.Site.Sizes.AddAsync(new VmSize($"s{i}-{j}", 1, ByteSize.FromGiB(1), ByteSize.Zero)))));

        Assert.Single(sites.Select(s => s.Site.Name).Distinct());
        Assert.Equal(85, await sites[0].Site.Sizes.ListAsync().CountAsync());
        foreach (var site in sites) await site.DisposeAsync();
    }

    private async Task AssertCorruptAsync(byte[] content)
    {
        await File.WriteAllBytesAsync(File1, content);
        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(_folder));
        Assert.Equal("CatalogueCorrupt", error.ErrorId);
        Assert.Equal(content, await File.ReadAllBytesAsync(File1));
    }

    private void Run(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={File1};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
