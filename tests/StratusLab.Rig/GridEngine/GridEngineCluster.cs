using System.Diagnostics;
using System.Globalization;
using StratusLab.Rig.Hosts;

namespace StratusLab.Rig.GridEngine;

/// <summary>
/// A real Grid Engine cell on this machine: qmaster in namespaces and folders of its own, with the queue <c>batch.q</c>, and each execd in its own network and host
/// name namespaces. A resolver of its own takes the names of further hosts from <see cref="HostsFile"/>. All of it ends with <see cref="DisposeAsync"/>, and also
/// when the test process is killed. Needs root.
/// </summary>
public sealed class GridEngineCluster : IAsyncDisposable
{
    private static readonly string[] Names = ["n1", "n2", "burst-1", "burst-2", "burst-3"];
    private static readonly string[] Programs = ["qstat", "qhost", "qconf", "qalter", "qmod", "qdel", "qsub", "qacct"];

    private readonly HostSlot _slot;
    private readonly Process _first;

    private GridEngineCluster(HostSlot slot, Process first) => (_slot, _first) = (slot, first);

    /// <summary>A folder of this cell; gone with it.</summary>
    public string Folder => _slot.Folder;

    /// <summary>The cell's <c>SGE_ROOT</c>.</summary>
    public string Root => Path.Combine(Folder, "sge");

    /// <summary>Grid Engine's commands as they reach this cell from outside its namespaces.</summary>
    public string ProgramFolder => Path.Combine(Folder, "programs");

    /// <summary>The folder of the cell's own configuration.</summary>
    public string CellFolder => Path.Combine(Root, "default");

    /// <summary>The folder that execds of this cell keep their own files in.</summary>
    public string ExecdFolder => Path.Combine(Folder, "spool", "execd");

    /// <summary>Where qmaster is reached from outside.</summary>
    public string Address => _slot.HostAddress;

    /// <summary>Names and addresses that qmaster's machine resolves beside those of its local hosts; read again when it changes.</summary>
    public string HostsFile => Path.Combine(Folder, "hosts.d", "burst");

    /// <summary>Starts qmaster and local hosts of 4 slots each.</summary>
    /// <exception cref="InvalidOperationException">A part did not start; the message holds what it said.</exception>
    public static async Task<GridEngineCluster> StartAsync(int localNodes = 1, CancellationToken cancel = default)
    {
        var slot = HostSlot.Take();
        await File.WriteAllLinesAsync(
            Path.Combine(slot.Folder, "hosts"),
            Names.Where(name => name.StartsWith('n')).Select(name => $"{AddressOf(slot, name)} {name}").Prepend($"{slot.GuestPrefix}.1 controller").Prepend("127.0.0.1 localhost"), cancel);
        var start = new ProcessStartInfo("unshare",
            ["--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "--",
            "bash", Script("cluster.sh"), slot.Folder, slot.GuestPrefix + ".1", Text($"{localNodes}")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        var cluster = new GridEngineCluster(slot, Process.Start(start)!);
        try
        {
            await Poll.UntilAsync("qmaster", () => cluster._first.HasExited || File.Exists(Path.Combine(slot.Folder, "up")), cancel: cancel);
            if (cluster._first.HasExited) throw new InvalidOperationException("The cell did not start: see what its script wrote.");
            await FirstProcess.LinkAsync(cluster._first, slot, cluster.InsideAsync, cancel);
            cluster.WritePrograms();
            foreach (var node in Names.Take(localNodes)) await cluster.StartNodeAsync(node, cancel);
            await Poll.UntilAsync("the local hosts", async _ => !(await cluster.RunAsync("qhost", "-q")).Contains(" u", StringComparison.Ordinal), cancel: cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one of Grid Engine's commands and returns its output.</summary>
    public Task<string> RunAsync(string program, params string[] arguments) => Command.RunAsync(Path.Combine(ProgramFolder, program), arguments);

    /// <summary>Runs a program on qmaster's machine, with the cell in its environment, and returns its output.</summary>
    public Task<string> RunThereAsync(string program, params string[] arguments) => InsideAsync("env", [.. Environment(), program, .. arguments], CancellationToken.None);

    /// <summary>As <see cref="RunThereAsync"/>, on the machine of a host whose execd runs.</summary>
    public Task<string> RunOnNodeAsync(string node, string program, params string[] arguments) => InsideAsync(
        "bash", ["-c", "id=$(cat \"$1\"); shift; exec nsenter \"--net=/proc/$id/ns/net\" \"--uts=/proc/$id/ns/uts\" -- env \"$@\"", "bash", PidFile(node), .. Environment(), program, .. arguments], CancellationToken.None);

    /// <summary>The address of a host that <see cref="StartNodeAsync"/> starts.</summary>
    public string AddressOf(string node) => AddressOf(_slot, node);

    /// <summary>Submits a job that sleeps, and returns its number.</summary>
    public async Task<string> SubmitAsync(int seconds, params string[] options) =>
        (await RunAsync("qsub", ["-terse", "-b", "y", "-o", "/dev/null", "-e", "/dev/null", .. options, "sleep", Text($"{seconds}")])).Trim().Split('.')[0];

    /// <summary>Starts execd of a host, as the machine behind a burst node does when it has booted.</summary>
    public async Task StartNodeAsync(string node, CancellationToken cancel = default)
    {
        // Qmaster remembers for a minute that an address has no name.
        await Poll.UntilAsync($"the name of {node}", async _ => (await InsideAsync("sh", ["-c", "getent hosts \"$1\" || true", "sh", AddressOf(node)], cancel)).Contains(node, StringComparison.Ordinal), cancel: cancel);
        await InsideAsync("bash", [Script("node.sh"), Folder, node, AddressOf(node), _slot.GuestPrefix + ".1", Text($"node{Array.IndexOf(Names, node)}")], cancel);
    }

    /// <summary>Ends execd of a host, as a machine that goes off does.</summary>
    public Task StopNodeAsync(string node, CancellationToken cancel = default) =>
        InsideAsync("bash", ["-c", "kill -KILL $(cat \"$1\"); ip link delete \"$2\" || true", "bash", PidFile(node), Text($"node{Array.IndexOf(Names, node)}")], cancel);

    /// <summary>Ends qmaster; hosts and jobs go on.</summary>
    public Task StopControllerAsync(CancellationToken cancel = default) =>
        InsideAsync("bash", ["-c", "pid=$(cat \"$1\"); kill \"$pid\"; while kill -0 \"$pid\" 2>/dev/null; do sleep 0.1; done", "bash", Path.Combine(Folder, "spool", "qmaster", "qmaster.pid")], cancel);

    /// <summary>Ends every process of the cell and removes all it made.</summary>
    public async ValueTask DisposeAsync() => await FirstProcess.EndAsync(_first, _slot);

    private Task<string> InsideAsync(string program, IEnumerable<string> arguments, CancellationToken cancel) => Command.RunAsync("nsenter", [.. FirstProcess.NamespacesOf(_first), program, .. arguments], cancel);

    // Clients are known to qmaster by the host that they run on, so they run inside.
    private void WritePrograms()
    {
        Directory.CreateDirectory(ProgramFolder);
        foreach (var program in Programs)
        {
            var file = Path.Combine(ProgramFolder, program);
            File.WriteAllText(file, $"#!/bin/sh\nexport {string.Join(' ', Environment())}\nexec nsenter {string.Join(' ', FirstProcess.NamespacesOf(_first))} /usr/bin/{program} \"$@\"\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string[] Environment() => [$"SGE_ROOT={Root}", "SGE_CELL=default", "SGE_QMASTER_PORT=6444", "SGE_EXECD_PORT=6445"];

    private string PidFile(string node) => Path.Combine(Folder, "run", $"execd-{node}.pid");

    private static string AddressOf(HostSlot slot, string node) => Text($"{slot.GuestPrefix}.{10 + Array.IndexOf(Names, node)}");

    private static string Script(string name) => Path.Combine(Repository.Root, "tests", "StratusLab.Rig", "GridEngine", name);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
