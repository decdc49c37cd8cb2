using System.Globalization;
using System.Text.Json;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The hosts' rows in the catalogue.</summary>
internal static class HostStore
{
    private const string Columns =
        "name, uri, labels, cpu_overcommit, memory_overcommit, accelerator, decided_accelerator, pool, network, added_at, image_cache_limit, max_vm, max_vcpu, max_hourly_cost";

    public static List<HostDefinition> List(DbConnection c) => c.Query($"SELECT {Columns} FROM host ORDER BY name", Read);

    public static HostDefinition? Find(DbConnection c, string name) =>
        c.Query($"SELECT {Columns} FROM host WHERE name = @name", Read, ("@name", name)).SingleOrDefault();

    /// <summary>The host that has the name, the URI or the machine already.</summary>
    public static (HostDefinition Host, string What)? FindClash(DbConnection c, HostDefinition host, string? machineId)
    {
        if (Find(c, host.Name) is { } sameName) return (sameName, "name");
        var row = c.Query($"SELECT {Columns} FROM host WHERE uri = @uri OR machine_id = @machine", Read, ("@uri", host.Uri), ("@machine", machineId)).FirstOrDefault();
        return row is null ? null : (row, row.Uri == host.Uri ? "URI" : "machine");
    }

    public static void Insert(DbConnection c, HostDefinition host, string? machineId) => c.Execute(
        $"""
        INSERT INTO host ({Columns}, machine_id)
        VALUES (@name, @uri, @labels, @cpu, @memory, @accelerator, @decided, @pool, @network, @added, @limit, @max_vm, @max_vcpu, @max_cost, @machine)
        """,
        [.. Settings(host), ("@uri", host.Uri), ("@added", host.AddedAt.ToUnixTimeMilliseconds()), ("@machine", machineId)]);

    public static int Update(DbConnection c, HostDefinition host) => c.Execute(
        """
        UPDATE host SET labels = @labels, cpu_overcommit = @cpu, memory_overcommit = @memory, accelerator = @accelerator,
            decided_accelerator = @decided, pool = @pool, network = @network, image_cache_limit = @limit,
            max_vm = @max_vm, max_vcpu = @max_vcpu, max_hourly_cost = @max_cost
        WHERE name = @name
        """,
        Settings(host));

    public static int Delete(DbConnection c, string name, long now)
    {
        c.Execute(
            "UPDATE journal SET state = 'Failed', settled_at = @now, outcome = 'The host was removed from the site; what was under way there is not known.' WHERE host = @name AND state = 'Open'",
            ("@name", name),
            ("@now", now));
        return c.Execute("DELETE FROM host WHERE name = @name", ("@name", name));
    }

    // What can be changed of a host, and its name.
    private static (string Name, object? Value)[] Settings(HostDefinition host) =>
    [
        ("@name", host.Name),
        ("@labels", Labels(host)),
        ("@cpu", host.CpuOvercommit),
        ("@memory", host.MemoryOvercommit),
        ("@accelerator", host.Accelerator.ToString()),
        ("@decided", host.DecidedAccelerator?.ToString()),
        ("@pool", host.Pool),
        ("@network", host.Network),
        ("@limit", host.ImageCacheLimit?.Bytes),
        ("@max_vm", host.MaxVm),
        ("@max_vcpu", host.MaxVCpu),
        ("@max_cost", host.MaxHourlyCost?.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Labels(HostDefinition host) =>
        JsonSerializer.Serialize(new Dictionary<string, string>(host.Labels), JournalJson.Default.DictionaryStringString);

    private static HostDefinition Read(DbDataReader r) => new()
    {
        Name = r.GetString(0),
        Uri = r.GetString(1),
        Labels = JsonSerializer.Deserialize(r.GetString(2), JournalJson.Default.DictionaryStringString)!,
        CpuOvercommit = r.GetDouble(3),
        MemoryOvercommit = r.GetDouble(4),
        Accelerator = Enum.Parse<Accelerator>(r.GetString(5)),
        DecidedAccelerator = r.StringOrNull(6) is { } decided ? Enum.Parse<Accelerator>(decided) : null,
        Pool = r.GetString(7),
        Network = r.GetString(8),
        AddedAt = r.Time(9),
        ImageCacheLimit = r.IsDBNull(10) ? null : new ByteSize(r.GetInt64(10)),
        MaxVm = r.IsDBNull(11) ? null : r.GetInt32(11),
        MaxVCpu = r.IsDBNull(12) ? null : r.GetInt32(12),
        MaxHourlyCost = r.StringOrNull(13) is { } cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : null,
    };
}
