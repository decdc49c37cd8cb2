using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>
/// Grid Engine (Son of Grid Engine 8.1) through its own commands, with the rights of whoever runs this: to change jobs and hosts of others, a Grid Engine manager on an
/// administrative host. Its burst nodes are execution hosts of one queue, as <see cref="GridEngineConfiguration"/> makes them. They stand in that queue also while
/// they are off, and are then disabled, so that Grid Engine gives them nothing before the machine that was launched for them is there.
/// </summary>
public sealed partial class GridEngineBatchSystem : IBatchSystem, IBatchNodeLeases
{
    // An argument list may have 2 MiB; names are short.
    private const int NodesInOneCommand = 1000;
    private const string LeaseAttribute = "stratus_lease";

    private readonly GridEngineOptions _options;
    private readonly GridEngineCommands _commands;
    private readonly TimeProvider _clock;
    private readonly CellSettings _settings;
    private readonly NodeHostsFile? _hosts;

    // Whose queue was opened for which machine, as far as it is known from here.
    private readonly ConcurrentDictionary<string, string> _opened = new(StringComparer.Ordinal);

    /// <summary>Opens Grid Engine; nothing is asked yet.</summary>
    /// <param name="options">How it is reached; null for what the environment says.</param>
    /// <param name="clock">Tells when a snapshot was read; null for the system's.</param>
    public GridEngineBatchSystem(GridEngineOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new GridEngineOptions();
        _commands = new GridEngineCommands(_options);
        _clock = clock ?? TimeProvider.System;
        _settings = new CellSettings(_commands, _clock);
        _hosts = _options.HostsFile is { } path ? new NodeHostsFile(path) : null;
    }

    /// <inheritdoc/>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken = default)
    {
        // The version is the first line of its help; only an answer of qmaster's says that it is there.
        await _commands.RunAsync("qconf", ["-sss"], cancellationToken).ConfigureAwait(false);
        var help = await _commands.RunAsync("qconf", ["-help"], cancellationToken).ConfigureAwait(false);
        return "Grid Engine " + help.Split('\n')[0].Trim();
    }

    /// <inheritdoc/>
    public async Task<BatchSnapshot> ReadAsync(CancellationToken cancellationToken = default)
    {
        var at = _clock.GetUtcNow();
        var reading = await _commands.ReadAsync("qstat", QstatReader.Arguments, QstatReader.ReadAsync, cancellationToken).ConfigureAwait(false);
        var hosts = await _commands.ReadAsync("qhost", QhostReader.Arguments, QhostReader.ReadAsync, cancellationToken).ConfigureAwait(false);
        var complexes = await _settings.ComplexesAsync(cancellationToken).ConfigureAwait(false);
        var rules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var environment in reading.Jobs.Where(job => job.Instance.Length == 0).Select(job => job.ParallelEnvironment).Where(name => Name().IsMatch(name)).Distinct(StringComparer.Ordinal))
            rules[environment] = await _settings.RuleAsync(environment, cancellationToken).ConfigureAwait(false);
        foreach (var host in hosts)
            if (host.Machine is { } machine) _opened[host.Name] = machine.Id;
        return new BatchSnapshot(at, new JobModel(reading, complexes, rules, hosts).Read(), [.. hosts.Select(host => HostModel.Of(host, _options.BurstQueue))]);
    }

    /// <summary>Names of the cell's queues.</summary>
    /// <exception cref="StratusException">Grid Engine does not answer, or is not there.</exception>
    public async Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default) =>
        (await _commands.RunAsync("qconf", ["-sql"], cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
    public async Task AllowAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(partitions);
        if (partitions.Count == 0 || partitions.Any(partition => !Name().IsMatch(partition)))
            throw new ArgumentException("Name one queue or more; a name has letters, digits, hyphens, dots and underscores.", nameof(partitions));
        if (!JobId().IsMatch(jobId))
            throw new StratusException("JobNotFound", StratusErrorKind.NotFound, $"'{jobId}' is no job of Grid Engine's that waits: those are like 1234.") { Resource = jobId };
        try
        {
            await _commands.RunAsync("qalter", ["-q", string.Join(',', partitions), jobId], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (GridEngineFailure.Says(e, "does not exist", "do not exist"))
        {
            throw GridEngineFailure.Known("JobNotFound", StratusErrorKind.NotFound, jobId, $"Grid Engine has no job {jobId} that waits or runs: it ended or was cancelled.", e);
        }
    }

    /// <inheritdoc/>
    public async Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(change);
        if (!Name().IsMatch(node)) throw NodeNotFound(node, null);

        if (change is { InstanceId: { } instance, Action: null }) await TellMachineAsync(node, instance, change.Address, cancellationToken).ConfigureAwait(false);
        switch (change.Action)
        {
            case BatchNodeAction.Resume:
                await ModifyAsync(node, ["-e"], cancellationToken).ConfigureAwait(false);
                break;
            case BatchNodeAction.Drain:
                await ModifyAsync(node, ["-d"], cancellationToken).ConfigureAwait(false);
                break;
            case BatchNodeAction.Down or BatchNodeAction.PowerDown:
                await ModifyAsync(node, ["-d"], cancellationToken).ConfigureAwait(false);
                await EndJobsAsync(node, cancellationToken).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public async Task RenewLeasesAsync(IReadOnlyList<string> nodes, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        if (nodes.FirstOrDefault(node => !Name().IsMatch(node)) is { } wrong) throw NodeNotFound(wrong, null);
        foreach (var some in nodes.Chunk(NodesInOneCommand))
            await SetAsync($"{LeaseAttribute}={until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}", some, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _hosts?.Dispose();
        return ValueTask.CompletedTask;
    }

    // Grid Engine finds hosts by their names alone, so the name gets its address first. That a new machine is there opens the queue, once for each: whoever
    // disables it later is not overruled.
    private async Task TellMachineAsync(string node, string instance, string? address, CancellationToken cancellationToken)
    {
        if (!MachineId().IsMatch(instance)) throw new ArgumentException($"'{instance}' is no identity of a machine that Grid Engine could keep.", nameof(instance));
        if (_hosts is not null && address is not null) await _hosts.SetAsync(node, address, cancellationToken).ConfigureAwait(false);
        if (_opened.GetValueOrDefault(node) != instance) await ModifyAsync(node, ["-e"], cancellationToken).ConfigureAwait(false);
        await SetAsync($"{NodeMachine.Attribute}={new NodeMachine(instance, address)}", [node], cancellationToken).ConfigureAwait(false);
        _opened[node] = instance;
    }

    private async Task SetAsync(string value, string[] nodes, CancellationToken cancellationToken)
    {
        try
        {
            await _commands.RunAsync("qconf", ["-mattr", "exechost", "complex_values", value, .. nodes], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (GridEngineFailure.Says(e, "is not a complex attribute"))
        {
            throw GridEngineFailure.Known("GridEngineNotSetUp", StratusErrorKind.InvalidState, value.Split('=')[0], $"Grid Engine has no complex attribute '{value.Split('=')[0]}'. Run stratus-burst-setup, which New-StratusGridEngineConfig writes.", e);
        }
        catch (HostRefusedException e) when (nodes.Length == 1 && GridEngineFailure.Says(e, "can't resolve", "does not exist", "not found"))
        {
            throw NodeNotFound(nodes[0], e);
        }
    }

    private async Task ModifyAsync(string node, IReadOnlyList<string> action, CancellationToken cancellationToken)
    {
        try
        {
            await _commands.RunAsync("qmod", [.. action, $"{_options.BurstQueue}@{node}"], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (GridEngineFailure.Says(e, "invalid queue", "is not a valid queue", "unknown queue"))
        {
            throw NodeNotFound(node, e);
        }
    }

    // A machine that went away says nothing of its jobs. Those that may run again go back into the queue, the others end.
    private async Task EndJobsAsync(string node, CancellationToken cancellationToken)
    {
        var before = await JobsOnAsync(node, cancellationToken).ConfigureAwait(false);
        if (before.Count == 0) return;
        await ModifyAsync(node, ["-rq"], cancellationToken).ConfigureAwait(false);
        var left = await JobsOnAsync(node, cancellationToken).ConfigureAwait(false);
        foreach (var job in left)
        {
            string[] task = job.Tasks.Length > 0 ? ["-t", job.Tasks] : [];
            await _commands.RunAsync("qdel", ["-f", job.Id.ToString(CultureInfo.InvariantCulture), .. task], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<QueuedJob>> JobsOnAsync(string node, CancellationToken cancellationToken)
    {
        var reading = await _commands.ReadAsync("qstat", QstatReader.Arguments, QstatReader.ReadAsync, cancellationToken).ConfigureAwait(false);
        return [.. reading.Jobs.Where(job => job.Instance == $"{_options.BurstQueue}@{node}")];
    }

    private StratusException NodeNotFound(string node, StratusException? cause)
    {
        var message = $"Grid Engine has no host '{node}' in its queue '{_options.BurstQueue}'. Make it one with stratus-burst-setup, which New-StratusGridEngineConfig writes.";
        return cause is null ? new StratusException("NodeNotFound", StratusErrorKind.NotFound, message) { Resource = node } : GridEngineFailure.Known("NodeNotFound", StratusErrorKind.NotFound, node, message, cause);
    }

    [GeneratedRegex(@"^[0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex JobId();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.:/-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MachineId();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
