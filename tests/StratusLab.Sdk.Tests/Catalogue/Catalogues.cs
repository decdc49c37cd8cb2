using StratusLab.Rig.Databases;

namespace StratusLab.Sdk.Tests;

/// <summary>Databases for tests, of one server that starts with the first and ends with the process.</summary>
internal static class Catalogues
{
    private static readonly Lazy<Task<PostgresServer>> Started = new(() => PostgresServer.StartAsync());

    /// <summary>The server, for tests that do not stop it.</summary>
    public static Task<PostgresServer> Server => Started.Value;

    /// <summary>The address of a new database, or null for a site in its folder alone.</summary>
    public static async Task<string?> NewAsync(CatalogueKind kind) => kind == CatalogueKind.Postgres ? await (await Server).CreateDatabaseAsync() : null;
}
