using StratusLab.Core;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

/// <summary>Servers and databases that cannot keep a site, or could not before something was put right.</summary>
public sealed class UnfitServerTests
{
    [RequiresFact(Need.Postgres)]
    public async Task A_server_that_is_too_old_is_named_with_its_version()
    {
        var server = await Catalogues.Server;
        var database = await server.CreateDatabaseAsync();
        var version = (await server.SqlAsync(PostgresServer.NameOf(database), "SHOW server_version_num")).Trim();
        await using var wire = new PostgresWire(server) { Disguise = (version, "110022") };
        await AssertUnfitAsync(wire.AddressOf(database), "PostgreSQL 11", "15 or newer");
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_database_of_another_encoding_is_refused_and_the_right_one_named()
    {
        var server = await Catalogues.Server;
        var database = await server.CreateDatabaseAsync("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        await AssertUnfitAsync(database, "LATIN1", "createdb --encoding=UTF8");
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_server_without_ICU_is_named_so()
    {
        var server = await Catalogues.Server;
        var database = await server.CreateDatabaseAsync();
        await server.SqlAsync(PostgresServer.NameOf(database), "DELETE FROM pg_collation WHERE collprovider = 'i'");
        await AssertUnfitAsync(database, "built without ICU", "--with-icu");
    }

    [RequiresFact(Need.Postgres)]
    public async Task Indexes_are_made_anew_when_the_server_has_another_ICU()
    {
        var server = await Catalogues.Server;
        var database = await server.CreateDatabaseAsync();
        await using (var before = await TestSite.OpenAsync(database: database)) await before.AddHostsAsync(1);
        var name = PostgresServer.NameOf(database);
        const string Index = "SELECT pg_relation_filenode('stratuslab.host_pkey')";
        var (version, index) = (await server.SqlAsync(name, "SELECT collversion FROM pg_collation WHERE collname = 'nocase'"), await server.SqlAsync(name, Index));
        await (await TestSite.OpenAsync(database: database)).DisposeAsync();
        Assert.Equal(index, await server.SqlAsync(name, Index));

        await server.SqlAsync(name, "UPDATE pg_collation SET collversion = '1' WHERE collname = 'nocase'");
        await using var after = await TestSite.OpenAsync(database: database);
        Assert.Equal("node1", (await after.Site.Hosts.GetAsync("NODE1")).Name);
        Assert.NotEqual(index, await server.SqlAsync(name, Index));
        Assert.Equal(version, await server.SqlAsync(name, "SELECT collversion FROM pg_collation WHERE collname = 'nocase'"));
    }

    private static async Task AssertUnfitAsync(string database, params string[] said)
    {
        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(database: database));
        Assert.Equal(("CatalogueServerUnfit", StratusErrorKind.NotSupported), (error.ErrorId, error.Kind));
        foreach (var text in said) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
