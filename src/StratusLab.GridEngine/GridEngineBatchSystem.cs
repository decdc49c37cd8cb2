using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>
/// Grid Engine (Son of Grid Engine 8.1) through its own commands, with the rights of whoever runs this: to change jobs and hosts of others, a Grid Engine manager on an
/// administrative host. Its burst nodes are execution hosts of one queue. They stand in that queue's host group also while they are off, and are then disabled,
/// so that Grid Engine gives them nothing before the machine that was launched for them is there.
/// </summary>
public sealed partial class GridEngineBatchSystem : IBatchSystem
{
    private readonly GridEngineOptions _options;
    private readonly GridEngineCommands _commands;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, string> _opened = new(StringComparer.Ordinal);

    /// <summary>Opens Grid Engine; nothing is asked yet.</summary>
    /// <param name="options">How it is reached; null for what the environment says.</param>
    /// <param name="clock">Tells when a snapshot was read; null for the system's.</param>
    public GridEngineBatchSystem(GridEngineOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new GridEngineOptions();
        _commands = new GridEngineCommands(_options);
        _clock = clock ?? TimeProvider.System;
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
        var complexes = ComplexTable.Read(await _commands.RunAsync("qconf", ["-sc"], cancellationToken).ConfigureAwait(false));
        var rules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var environment in reading.Jobs.Where(job => job.Instance.Length == 0).Select(job => job.ParallelEnvironment).Where(name => Name().IsMatch(name)).Distinct(StringComparer.Ordinal))
            rules[environment] = SlotAllocation.RuleIn(await _commands.RunAsync("qconf", ["-sp", environment], cancellationToken).ConfigureAwait(false));
        return new BatchSnapshot(at, new JobModel(reading, complexes, rules, hosts).Read(), [.. hosts.Select(host => HostModel.Of(host, _options.BurstQueue))]);
    }

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

        // Grid Engine finds hosts by their names alone and has no room for an instance. That a machine is there opens its queue, once for each: whoever
        // disables it later is not overruled.
        if (change.InstanceId is { } instance && change.Action is null && _opened.GetValueOrDefault(node) != instance)
        {
            await ModifyAsync(node, ["-e"], cancellationToken).ConfigureAwait(false);
            _opened[node] = instance;
        }

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

    /// <summary>Makes a name an execution host of the burst queue, disabled until its machine is there. Its name must resolve where qmaster runs.</summary>
    /// <param name="node">The name.</param>
    /// <param name="slots">Slots that it has.</param>
    /// <param name="memory">What jobs on it can ask for of <c>h_vmem</c>; zero where that is not counted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>NodeNameUnresolved</c>; <c>BatchSystemRefused</c>.</exception>
    public async Task AddNodeAsync(string node, int slots, ByteSize memory, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        if (!Name().IsMatch(node)) throw NodeNotFound(node, null);
        try
        {
            await _commands.RunAsync("qconf", ["-ah", node], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (GridEngineFailure.Says(e, "can't resolve"))
        {
            throw GridEngineFailure.Known("NodeNameUnresolved", StratusErrorKind.NotFound, node, $"Grid Engine cannot resolve '{node}'. Put the name with its address into DNS or /etc/hosts where qmaster runs.", e);
        }

        await HostFile.UseAsync(node, slots, memory, file => AddHostAsync(file, cancellationToken), cancellationToken).ConfigureAwait(false);
        await _commands.RunAsync("qconf", ["-aattr", "hostgroup", "hostlist", node, _options.BurstHostGroup], cancellationToken).ConfigureAwait(false);
        await ModifyAsync(node, ["-d"], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a name out of the burst queue and from Grid Engine's hosts.</summary>
    /// <exception cref="StratusException"><c>NodeNotFound</c>; <c>BatchSystemRefused</c>, as while a job runs on it.</exception>
    public async Task RemoveNodeAsync(string node, CancellationToken cancellationToken = default)
    {
        if (!Name().IsMatch(node)) throw NodeNotFound(node, null);
        await _commands.RunAsync("qconf", ["-dattr", "hostgroup", "hostlist", node, _options.BurstHostGroup], cancellationToken).ConfigureAwait(false);
        try
        {
            await _commands.RunAsync("qconf", ["-de", node], cancellationToken).ConfigureAwait(false);
            await _commands.RunAsync("qconf", ["-dh", node], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (GridEngineFailure.Says(e, "does not exist"))
        {
            throw NodeNotFound(node, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task AddHostAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await _commands.RunAsync("qconf", ["-Ae", file], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (GridEngineFailure.Says(e, "already exists"))
        {
            await _commands.RunAsync("qconf", ["-Me", file], cancellationToken).ConfigureAwait(false);
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
        var message = $"Grid Engine has no host '{node}' in its queue '{_options.BurstQueue}'. Add it to the host group '{_options.BurstHostGroup}'.";
        return cause is null ? new StratusException("NodeNotFound", StratusErrorKind.NotFound, message) { Resource = node } : GridEngineFailure.Known("NodeNotFound", StratusErrorKind.NotFound, node, message, cause);
    }

    [GeneratedRegex(@"^[0-9]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex JobId();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
