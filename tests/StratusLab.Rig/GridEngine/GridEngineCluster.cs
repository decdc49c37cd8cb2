using System.Diagnostics;
using System.Globalization;
using StratusLab.Rig.Hosts;

namespace StratusLab.Rig.GridEngine;

/// <summary>
/// A real Grid Engine cell on this machine: qmaster in namespaces and folders of its own, with the queues <c>batch.q</c> and <c>burst.q</c>, and each execd in its own
/// network and host name namespaces. All of it ends with <see cref="DisposeAsync"/>, and also when the test process is killed. Needs root.
/// </summary>
public sealed class GridEngineCluster : IAsyncDisposable
{
    private static readonly string[] Names = ["n1", "n2", "burst-1", "burst-2", "burst-3"];

    private readonly HostSlot _slot;
    private readonly Process _first;

    private GridEngineCluster(HostSlot slot, Process first) => (_slot, _first) = (slot, first);

    /// <summary>A folder of this cell; gone with it.</summary>
    public string Folder => _slot.Folder;

    /// <summary>The cell's <c>SGE_ROOT</c>.</summary>
    public string Root => Path.Combine(Folder, "sge");

    /// <summary>Grid Engine's commands as they reach this cell from outside its namespaces.</summary>
    public string ProgramFolder => Path.Combine(Folder, "programs");

    /// <summary>Starts qmaster and local hosts of 4 slots each.</summary>
    /// <exception cref="InvalidOperationException">A part did not start; the message holds what it said.</exception>
    public static async Task<GridEngineCluster> StartAsync(int localNodes = 1, CancellationToken cancel = default)
    {
        var slot = HostSlot.Take();
        await File.WriteAllLinesAsync(
            Path.Combine(slot.Folder, "hosts"),
            Names.Select((name, i) => $"{AddressOf(slot, i)} {name}").Prepend($"{slot.GuestPrefix}.1 controller").Prepend("127.0.0.1 localhost"), cancel);
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

    /// <summary>Submits a job that sleeps, and returns its number.</summary>
    public async Task<string> SubmitAsync(int seconds, params string[] options) =>
        (await RunAsync("qsub", ["-terse", "-b", "y", "-o", "/dev/null", "-e", "/dev/null", .. options, "sleep", Text($"{seconds}")])).Trim().Split('.')[0];

    /// <summary>Starts execd of a host, as the machine behind a burst node does when it has booted.</summary>
    public Task StartNodeAsync(string node, CancellationToken cancel = default)
    {
        var number = Array.IndexOf(Names, node);
        return InsideAsync("bash", [Script("node.sh"), Folder, node, AddressOf(_slot, number), _slot.GuestPrefix + ".1", Text($"node{number}")], cancel);
    }

    /// <summary>Ends execd of a host, as a machine that goes off does.</summary>
    public Task StopNodeAsync(string node, CancellationToken cancel = default) =>
        InsideAsync("bash", ["-c", "kill -KILL $(cat \"$1\"); ip link delete \"$2\" || true", "bash", Path.Combine(Folder, "run", $"execd-{node}.pid"), Text($"node{Array.IndexOf(Names, node)}")], cancel);

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
        foreach (var program in (string[])["qstat", "qhost", "qconf", "qalter", "qmod", "qdel", "qsub"])
        {
            var file = Path.Combine(ProgramFolder, program);
            File.WriteAllText(file, $"#!/bin/sh\nexport SGE_ROOT={Root} SGE_CELL=default SGE_QMASTER_PORT=6444 SGE_EXECD_PORT=6445\nexec nsenter {string.Join(' ', FirstProcess.NamespacesOf(_first))} /usr/bin/{program} \"$@\"\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string AddressOf(HostSlot slot, int number) => Text($"{slot.GuestPrefix}.{10 + number}");

    private static string Script(string name) => Path.Combine(Repository.Root, "tests", "StratusLab.Rig", "GridEngine", name);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
