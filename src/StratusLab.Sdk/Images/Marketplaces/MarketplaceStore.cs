using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>The marketplaces' rows in the catalogue, and the images that were seen there.</summary>
internal static class MarketplaceStore
{
    private const string Columns = "name, kind, uri, plain_http, added_at";

    public static List<Marketplace> List(DbConnection c) => c.Query($"SELECT {Columns} FROM marketplace ORDER BY name", Read);

    public static Marketplace? Find(DbConnection c, string name) =>
        c.Query($"SELECT {Columns} FROM marketplace WHERE name = @name", Read, ("@name", name)).SingleOrDefault();

    public static int Insert(DbConnection c, Marketplace marketplace) => c.Execute(
        $"INSERT INTO marketplace ({Columns}) VALUES (@name, @kind, @uri, @plain, @added) ON CONFLICT DO NOTHING",
        ("@name", marketplace.Name),
        ("@kind", marketplace.Kind.ToString()),
        ("@uri", marketplace.Uri),
        ("@plain", marketplace.PlainHttp ? 1 : 0),
        ("@added", marketplace.AddedAt.ToUnixTimeMilliseconds()));

    public static int Delete(DbConnection c, string name) => c.Execute("DELETE FROM marketplace WHERE name = @name", ("@name", name));

    /// <summary>Notes images that were seen; a marketplace that is not registered is passed over.</summary>
    public static int Note(DbConnection c, string marketplace, IEnumerable<(string Name, string Version)> images) => images.Sum(i => c.Execute(
        "INSERT INTO marketplace_image (marketplace, name, version) SELECT name, @name, @version FROM marketplace WHERE name = @marketplace ON CONFLICT DO NOTHING",
        ("@marketplace", marketplace),
        ("@name", i.Name),
        ("@version", i.Version)));

    public static int Forget(DbConnection c, string marketplace, string name, string version) => c.Execute(
        "DELETE FROM marketplace_image WHERE marketplace = @marketplace AND name = @name AND version = @version",
        ("@marketplace", marketplace),
        ("@name", name),
        ("@version", version));

    public static List<(string Marketplace, string Name, string Version)> Seen(DbConnection c) =>
        c.Query("SELECT marketplace, name, version FROM marketplace_image ORDER BY marketplace, name, version", r => (r.GetString(0), r.GetString(1), r.GetString(2)));

    private static Marketplace Read(DbDataReader r) => new()
    {
        Name = r.GetString(0),
        Kind = Enum.Parse<MarketplaceKind>(r.GetString(1)),
        Uri = r.GetString(2),
        PlainHttp = r.GetInt64(3) != 0,
        AddedAt = r.Time(4),
    };
}
