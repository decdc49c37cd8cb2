using System.Collections.Frozen;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>
/// Slurm 22.05 to 25.11 through its own commands, <c>squeue</c> and <c>scontrol</c>, with the rights of whoever runs this: to change jobs and nodes of others,
/// a Slurm operator, administrator or <c>SlurmUser</c>.
/// </summary>
public sealed partial class SlurmBatchSystem : IBatchSystem, IBatchNodeLeases
{
    // An argument may have 128 KiB (Linux, MAX_ARG_STRLEN).
    private const int NodesInOneCommand = 1000;

    // What is said of each that is refused has to fit into what is kept of a command's words.
    private const int JobsInOneCommand = 500;
    private const string NodeName = "NodeName=";

    private readonly SlurmCommands _commands;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _probing = new(1);
    private SlurmReaders? _readers;

    /// <summary>Opens Slurm; nothing is asked yet.</summary>
    /// <param name="options">How it is reached; null for what the environment says.</param>
    /// <param name="clock">Tells when a snapshot was read; null for the system's.</param>
    public SlurmBatchSystem(SlurmOptions? options = null, TimeProvider? clock = null)
    {
        _commands = new SlurmCommands(options ?? new SlurmOptions());
        _clock = clock ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken = default)
    {
        // The controller's own word: the commands here may be of another release.
        var text = await _commands.RunAsync("scontrol", ["show", "config"], cancellationToken).ConfigureAwait(false);
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith("SLURM_VERSION", StringComparison.Ordinal));
        return "Slurm " + SlurmVersion.Parse(line ?? text).Text;
    }

    /// <inheritdoc/>
    public async Task<BatchSnapshot> ReadAsync(CancellationToken cancellationToken = default)
    {
        var readers = await ReadersAsync(cancellationToken).ConfigureAwait(false);
        var at = _clock.GetUtcNow();
        var jobs = await readers.JobsAsync(cancellationToken).ConfigureAwait(false);
        var nodes = await readers.NodesAsync(cancellationToken).ConfigureAwait(false);
        var limits = jobs.Exists(job => !job.TimeLimit.IsSet)
            ? await _commands.ReadAsync("scontrol", TextPartitions.Arguments, TextPartitions.ReadAsync, cancellationToken).ConfigureAwait(false)
            : FrozenDictionary<string, TimeSpan?>.Empty;
        return new BatchSnapshot(at, new JobModel(jobs, limits).Read(), [.. nodes.Select(NodeModel.Of)]);
    }

    /// <inheritdoc/>
    public async Task AllowAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken = default)
    {
        Check(jobId, partitions);
        try
        {
            await AllowOnceAsync(jobId, partitions, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (partitions.Count > 1 && RefusesSeveral(e))
        {
            // A site can forbid jobs in several partitions at once. The last one named is the one that the job is newly let into.
            await AllowOnceAsync(jobId, [partitions[^1]], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, StratusException>> AllowJobsAsync(IReadOnlyDictionary<string, IReadOnlyList<string>> jobs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var refused = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        var asked = new List<(string Job, IReadOnlyList<string> Partitions)>(jobs.Count);
        foreach (var (job, partitions) in jobs)
        {
            try
            {
                Check(job, partitions);
                asked.Add((job, partitions));
            }
            catch (StratusException e)
            {
                refused[job] = e;
            }
        }

        foreach (var some in asked.Chunk(JobsInOneCommand)) await AllowAllAsync(some, refused, cancellationToken).ConfigureAwait(false);

        // As for one job: the last partition alone, where several are forbidden.
        var narrower = asked.Where(a => a.Partitions.Count > 1 && refused.GetValueOrDefault(a.Job) is HostRefusedException e && RefusesSeveral(e))
            .Select(a => (a.Job, (IReadOnlyList<string>)[a.Partitions[^1]])).ToList();
        foreach (var (job, _) in narrower) refused.Remove(job);
        foreach (var some in narrower.Chunk(JobsInOneCommand)) await AllowAllAsync(some, refused, cancellationToken).ConfigureAwait(false);
        return refused;
    }

    /// <inheritdoc/>
    public async Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default)
    {
        var arguments = await UpdateAsync(node, change, cancellationToken).ConfigureAwait(false);
        if (arguments.Count > 2) await _commands.RunAsync("scontrol", arguments, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, StratusException>> ChangeNodesAsync(IReadOnlyDictionary<string, BatchNodeChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var updates = new List<List<string>>(changes.Count);
        foreach (var (node, change) in changes) updates.Add(await UpdateAsync(node, change, cancellationToken).ConfigureAwait(false));
        updates.RemoveAll(update => update.Count <= 2);
        var refused = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        foreach (var some in updates.Chunk(NodesInOneCommand)) await UpdateAllAsync(some, refused, cancellationToken).ConfigureAwait(false);
        return refused;
    }

    /// <inheritdoc/>
    public async Task RenewLeasesAsync(IReadOnlyList<string> nodes, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        if (nodes.FirstOrDefault(node => !Name().IsMatch(node)) is { } wrong)
            throw new StratusException("NodeNotFound", StratusErrorKind.NotFound, $"'{wrong}' is no name of a node.") { Resource = wrong };
        foreach (var some in nodes.Chunk(NodesInOneCommand))
            await _commands.RunAsync("scontrol", ["update", "NodeName=" + string.Join(',', some), "Comment=" + NodeNotes.LeaseNote(until)], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _probing.Dispose();
        return ValueTask.CompletedTask;
    }

    // Of several it does not say which were refused: they are found by halves, and those that were taken are taken again.
    private async Task UpdateAllAsync(ArraySegment<List<string>> updates, Dictionary<string, StratusException> refused, CancellationToken cancellationToken)
    {
        try
        {
            if (updates.Count == 1) await _commands.RunAsync("scontrol", updates[0], cancellationToken).ConfigureAwait(false);
            else await _commands.RunAllAsync("scontrol", updates, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (updates.Count == 1)
        {
            refused[updates[0][1][NodeName.Length..]] = e;
        }
        catch (HostRefusedException)
        {
            var half = updates.Count / 2;
            await UpdateAllAsync(updates[..half], refused, cancellationToken).ConfigureAwait(false);
            await UpdateAllAsync(updates[half..], refused, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<List<string>> UpdateAsync(string node, BatchNodeChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(change);
        if (change is { Action: BatchNodeAction.Drain or BatchNodeAction.Down } && string.IsNullOrWhiteSpace(change.Reason))
            throw new ArgumentException($"Slurm wants a reason to set a node {change.Action}.", nameof(change));
        if (!Name().IsMatch(node)) throw new StratusException("NodeNotFound", StratusErrorKind.NotFound, $"'{node}' is no name of a node.") { Resource = node };

        var arguments = new List<string> { "update", NodeName + node };
        if (change.Address is { } address) arguments.AddRange(["NodeAddr=" + address, "NodeHostName=" + node]);
        if (change.InstanceId is { } instance) arguments.AddRange(await InstanceAsync(instance, change.InstanceType, cancellationToken).ConfigureAwait(false));
        if (change.Action is { } action) arguments.Add("State=" + StateOf(action));
        if (change.Reason is { } reason) arguments.Add("Reason=" + ControlCharacters().Replace(reason, " "));
        return arguments;
    }

    private static void Check(string jobId, IReadOnlyList<string> partitions)
    {
        ArgumentNullException.ThrowIfNull(jobId);
        ArgumentNullException.ThrowIfNull(partitions);
        if (partitions.Count == 0 || partitions.Any(partition => !Name().IsMatch(partition)))
            throw new ArgumentException("Name one partition or more; a name has letters, digits, hyphens, dots and underscores.", nameof(partitions));
        if (!JobId().IsMatch(jobId))
            throw new StratusException("JobNotFound", StratusErrorKind.NotFound, $"'{jobId}' is no job of Slurm's: those are like 1234, or 1234_7 for a task of an array.") { Resource = jobId };
    }

    private Task<string> AllowOnceAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken) =>
        _commands.RunAsync("scontrol", Order(jobId, partitions), cancellationToken);

    private static string[] Order(string jobId, IReadOnlyList<string> partitions) => ["update", "JobId=" + jobId, "Partition=" + string.Join(',', partitions)];

    // Of each job that is refused it says why, with the job's id.
    private async Task AllowAllAsync(ArraySegment<(string Job, IReadOnlyList<string> Partitions)> jobs, Dictionary<string, StratusException> refused, CancellationToken cancellationToken)
    {
        var (exitCode, words) = await _commands.TryAllAsync("scontrol", [.. jobs.Select(j => Order(j.Job, j.Partitions))], cancellationToken).ConfigureAwait(false);
        if (exitCode == 0) return;
        var known = SlurmFailure.OfEach(words, [.. jobs.Select(j => j.Job)]);
        if (known.Values.OfType<HostConnectionException>().FirstOrDefault() is { } absent) throw absent;
        foreach (var (job, why) in known) refused[job] = why;
        if (known.Count > 0) return;

        // It names none: found by halves, and those that were let on are let on again.
        var whole = SlurmFailure.Of("scontrol", jobs.Count == 1 ? Order(jobs[0].Job, jobs[0].Partitions) : [], exitCode, words);
        if (whole is HostConnectionException) throw whole;
        if (jobs.Count == 1)
        {
            refused[jobs[0].Job] = whole;
            return;
        }

        var half = jobs.Count / 2;
        await AllowAllAsync(jobs[..half], refused, cancellationToken).ConfigureAwait(false);
        await AllowAllAsync(jobs[half..], refused, cancellationToken).ConfigureAwait(false);
    }

    private static bool RefusesSeveral(HostRefusedException e) =>
        e.ErrorId == "BatchSystemRefused" && e.HostMessage?.Contains("partition", StringComparison.OrdinalIgnoreCase) == true
        && !e.HostMessage.Contains("Invalid partition name", StringComparison.OrdinalIgnoreCase);

    private async Task<string[]> InstanceAsync(string id, string? type, CancellationToken cancellationToken)
    {
        var readers = await ReadersAsync(cancellationToken).ConfigureAwait(false);
        if (!readers.Version.HasInstanceFields) return ["Extra=" + NodeNotes.InstanceNote(id, type)];
        return type is null ? ["InstanceId=" + id] : ["InstanceId=" + id, "InstanceType=" + type];
    }

    private static string StateOf(BatchNodeAction action) => action switch
    {
        BatchNodeAction.Drain => "DRAIN",
        BatchNodeAction.Resume => "RESUME",
        BatchNodeAction.Down => "DOWN",

        // The plain POWER_DOWN waits for jobs to end, and leaves a node that is down so; this one makes it free to be asked for.
        BatchNodeAction.PowerDown => "POWER_DOWN_FORCE",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action."),
    };

    private async Task<SlurmReaders> ReadersAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _readers) is { } known) return known;
        await _probing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_readers is { } found) return found;

            // The commands of this machine write what is read, so it is their version that counts.
            var version = SlurmVersion.Parse(await _commands.RunAsync("scontrol", ["--version"], cancellationToken).ConfigureAwait(false));
            var readers = new SlurmReaders(_commands, version);
            Volatile.Write(ref _readers, readers);
            return readers;
        }
        finally
        {
            _probing.Release();
        }
    }

    [GeneratedRegex(@"^[0-9]+([_+][0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JobId();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\p{Cc}+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ControlCharacters();
}
