using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using StratusLab.Rig.Hosts;

namespace StratusLab.Rig.Slurm;

/// <summary>
/// A real Slurm cluster on this machine: munged and slurmctld in namespaces and folders of their own, and each slurmd in its own network and host name
/// namespaces. Slurm's commands reach it from outside with its configuration file. All of it ends with <see cref="DisposeAsync"/>, and also when the
/// test process is killed. Needs root.
/// </summary>
public sealed class SlurmCluster : IAsyncDisposable
{
    private readonly HostSlot _slot;
    private readonly Process _first;
    private readonly List<string> _nodes;

    private SlurmCluster(HostSlot slot, Process first, List<string> nodes)
    {
        _slot = slot;
        _first = first;
        _nodes = nodes;
    }

    /// <summary>A <c>slurm.conf</c> by which Slurm's commands reach the cluster from outside, for <c>SLURM_CONF</c>.</summary>
    public string ConfigurationFile => Path.Combine(_slot.Folder, "outside.conf");

    /// <summary>The address of slurmctld, for the tests and for machines that <see cref="JoinAsync"/> has joined.</summary>
    public string Address => _slot.HostAddress;

    /// <summary>The key of its munge.</summary>
    public string MungeKeyFile => Path.Combine(_slot.Folder, "munge", "key");

    /// <summary>A folder of this cluster for a test's own files; gone with the cluster.</summary>
    public string Folder => _slot.Folder;

    /// <summary>Starts a cluster and its local nodes; takes about three seconds.</summary>
    /// <exception cref="InvalidOperationException">A part did not start; the message holds what it said.</exception>
    public static async Task<SlurmCluster> StartAsync(SlurmClusterOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        var slot = HostSlot.Take();
        SlurmCluster? cluster = null;
        try
        {
            string[] local = [.. Enumerable.Range(1, options.LocalNodes).Select(i => $"n{i}")];
            List<string> nodes = [.. local, .. options.CloudNodes];
            await WriteFilesAsync(slot, options, nodes, cancel);
            cluster = new(slot, StartFirstProcess(slot), nodes);
            await cluster.ConnectAsync(cancel);
            await cluster.StartControllerAsync(cancel);
            foreach (var node in local)
                await cluster.StartNodeAsync(node, cancel);
            await Poll.UntilAsync("the local nodes", async _ => await cluster.SlurmAsync("sinfo", "-h", "-p", "batch", "-t", "idle", "-o", "%D") == Text($"{options.LocalNodes}"), cancel: cancel);
            return cluster;
        }
        catch (Exception e)
        {
            var log = Path.Combine(slot.Folder, "slurmctld.log");
            var said = File.Exists(log) ? string.Join('\n', (await File.ReadAllLinesAsync(log, CancellationToken.None)).TakeLast(20)) : "";
            if (cluster is not null)
                await cluster.DisposeAsync();
            else
                slot.Dispose();
            if (said.Length > 0)
                throw new InvalidOperationException($"The cluster did not start: {e.Message}\n{said}", e);
            throw;
        }
    }

    /// <summary>Runs one of Slurm's commands from outside, and returns its output without the last line's end.</summary>
    /// <exception cref="TimeoutException">It did not end within a minute.</exception>
    public async Task<string> SlurmAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            return (await Command.RunAsync("env", ["SLURM_CONF=" + ConfigurationFile, program, .. arguments], limit.Token)).TrimEnd('\n');
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within a minute.", e);
        }
    }

    /// <summary>Submits a shell script and returns the job's number.</summary>
    public async Task<string> SubmitAsync(string script, IEnumerable<string> options, CancellationToken cancel = default)
    {
        var output = await Command.RunAsync("env",
            ["SLURM_CONF=" + ConfigurationFile, "sbatch", "--parsable", "--chdir=/", "--output=/dev/null", .. options], "#!/bin/sh\n" + script + "\n", cancel);
        return output.Trim().Split(';')[0];
    }

    /// <summary>Starts a node, as the machine behind a cloud node does when it has booted.</summary>
    public Task StartNodeAsync(string node, CancellationToken cancel = default)
    {
        var number = _nodes.IndexOf(node);
        return RunAsync("bash", [Script("node.sh"), Folder, node, AddressOf(_slot, number), GatewayOf(_slot), Text($"node{number}")], cancel);
    }

    /// <summary>Kills a node's slurmd with all its jobs, as a machine that goes off does.</summary>
    public Task StopNodeAsync(string node, CancellationToken cancel = default) =>
        RunAsync("bash", ["-c", "kill -KILL $(cat \"$1\") $(pgrep -f \"^slurmstepd.*$2\" || true); rm -f \"$1\"; ip link delete \"$3\" || true", "bash",
            Path.Combine(Folder, "spool", $"{node}.pid"), node, Text($"node{_nodes.IndexOf(node)}")], cancel);

    /// <summary>Starts slurmctld, after <see cref="StopControllerAsync"/>.</summary>
    public Task StartControllerAsync(CancellationToken cancel = default) => RunAsync("bash", ["-c", "PATH=$PATH:/usr/sbin exec slurmctld -f \"$1\"", "bash", Path.Combine(Folder, "slurm.conf")], cancel);

    /// <summary>Stops slurmctld; nodes and jobs go on.</summary>
    public async Task StopControllerAsync(CancellationToken cancel = default)
    {
        var file = Path.Combine(Folder, "slurmctld.pid");
        var pid = (await File.ReadAllTextAsync(file, cancel)).Trim();
        await RunAsync("kill", [pid], cancel);
        await Poll.UntilAsync("the end of slurmctld", async c => (await Command.TryAsync("nsenter", [.. FirstProcess.NamespacesOf(_first), "kill", "-0", pid], cancel: c)).Code != 0, cancel: cancel);
    }

    /// <summary>What <c>nsenter</c> is to be told before a program that it runs inside the cluster's namespaces.</summary>
    public IReadOnlyList<string> Inside => FirstProcess.NamespacesOf(_first);

    /// <summary>Runs a program inside the cluster's namespaces and returns its output.</summary>
    public Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel = default) =>
        Command.RunAsync("nsenter", [.. Inside, program, .. arguments], cancel);

    /// <summary>Joins the cluster to a host, so that slurmctld and the host's guests reach each other by their addresses.</summary>
    public async Task JoinAsync(LibvirtHost host, CancellationToken cancel = default)
    {
        var isFirst = _slot.Number < host.Slot.Number;
        var (low, high) = isFirst ? _slot.LinkTo(host.Slot) : host.Slot.LinkTo(_slot);
        var (mine, theirs) = isFirst ? (low, high) : (high, low);
        var (here, there) = (Text($"to{host.Slot.Number}"), Text($"to{_slot.Number}"));
        await Command.RunAsync("ip", ["link", "add", here, "netns", Text($"{_first.Id}"), "type", "veth", "peer", "name", there, "netns", host.Id], cancel);
        await RunAsync("ip", ["address", "add", mine, "peer", theirs, "dev", here], cancel);
        await RunAsync("ip", ["link", "set", here, "up"], cancel);
        await host.RunAsync("ip", ["address", "add", theirs, "peer", mine, "dev", there], cancel);
        await host.RunAsync("ip", ["link", "set", there, "up"], cancel);
        await RunAsync("ip", ["route", "add", host.Slot.GuestPrefix + ".0/24", "via", theirs], cancel);
        await host.RunAsync("ip", ["route", "add", Address, "via", mine], cancel);
    }

    /// <summary>Ends every process of the cluster, jobs included, and removes all it made.</summary>
    public async ValueTask DisposeAsync() => await FirstProcess.EndAsync(_first, _slot);

    private static string GatewayOf(HostSlot slot) => slot.GuestPrefix + ".1";

    private static string AddressOf(HostSlot slot, int number) => Text($"{slot.GuestPrefix}.{10 + number}");

    private static string Script(string name) => Path.Combine(Repository.Root, "tests", "StratusLab.Rig", "Slurm", name);

    private static Process StartFirstProcess(HostSlot slot)
    {
        var start = new ProcessStartInfo("unshare",
            ["--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "--",
            "bash", Script("cluster.sh"), slot.Folder, GatewayOf(slot)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("unshare did not start.");
    }

    private async Task ConnectAsync(CancellationToken cancel)
    {
        await Poll.UntilAsync("the first processes of the cluster", () => _first.HasExited || File.Exists(Path.Combine(Folder, "up")), cancel: cancel);
        if (_first.HasExited)
            throw new InvalidOperationException($"The cluster did not start: {await _first.StandardError.ReadToEndAsync(cancel)}");

        await FirstProcess.LinkAsync(_first, _slot, RunAsync, cancel);
    }

    private static async Task WriteFilesAsync(HostSlot slot, SlurmClusterOptions options, List<string> nodes, CancellationToken cancel)
    {
        string File(string name) => Path.Combine(slot.Folder, name);
        Directory.CreateDirectory(File("munge"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        PrivateFile.Write(File("munge/key"), Convert.ToHexString(RandomNumberGenerator.GetBytes(64)));
        foreach (var folder in (string[])["state", "spool", "log"]) Directory.CreateDirectory(File(folder));
        var hosts = nodes.Select((node, number) => $"{AddressOf(slot, number)} {node}").Prepend($"{GatewayOf(slot)} controller").Prepend("127.0.0.1 localhost");
        await System.IO.File.WriteAllLinesAsync(File("hosts"), hosts, cancel);
        await System.IO.File.WriteAllTextAsync(File("cgroup.conf"), "", cancel);
        await System.IO.File.WriteAllTextAsync(File("gres.conf"), $"NodeName=n[1-{options.LocalNodes}] Name=gpu File=/dev/null\n", cancel);
        var configuration = Configuration(slot, options);
        await System.IO.File.WriteAllTextAsync(File("slurm.conf"), configuration, cancel);
        await System.IO.File.WriteAllTextAsync(File("outside.conf"), $"{configuration}AuthInfo=socket={slot.Folder}/munge/munge.socket.2\n", cancel);
    }

    // What nodes read of it is meant for their own file systems: Debian's places, under which the cluster has its own folders.
    private static string Configuration(HostSlot slot, SlurmClusterOptions options)
    {
        var cpus = options.ChecksNodes ? 1 : 4;
        return $"""
            ClusterName=rig
            SlurmctldHost=controller({slot.HostAddress})
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            StateSaveLocation={slot.Folder}/state
            SlurmdSpoolDir=/var/lib/slurm/%n
            SlurmctldPidFile={slot.Folder}/slurmctld.pid
            SlurmdPidFile=/var/lib/slurm/%n.pid
            SlurmctldLogFile={slot.Folder}/slurmctld.log
            SlurmdLogFile=/var/log/slurm/%n.log
            ProctrackType=proctrack/pgid
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core_Memory
            SchedulerParameters=bf_interval=1
            MpiDefault=none
            MessageTimeout=5
            NodeName=n[1-{options.LocalNodes}] CPUs={cpus} RealMemory=1000 Features=local,amd Gres=gpu:1
            PartitionName=batch Nodes=n[1-{options.LocalNodes}] Default=YES DefaultTime=10 MaxTime=60
            {(options.ChecksNodes ? "" : "SlurmdParameters=config_overrides")}
            {(options.Fragment.Contains("GresTypes=", StringComparison.Ordinal) ? "" : "GresTypes=gpu")}
            {options.Fragment}

            """;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
