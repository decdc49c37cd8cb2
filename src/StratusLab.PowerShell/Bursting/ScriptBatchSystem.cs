using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>
/// A batch system that a script tells of: it writes one object for each job that waits or runs. Nothing is told back; jobs find their nodes by
/// the means of that system.
/// </summary>
internal sealed class ScriptBatchSystem : IBatchSystem
{
    private const int ErrorsTold = 3;
    private readonly string _script;
    private readonly TimeProvider _clock;
    private readonly Runspace _runspace;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public ScriptBatchSystem(ScriptBlock script, string folder, TimeProvider clock)
    {
        _script = script.ToString();
        _clock = clock;
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        _runspace.SessionStateProxy.Path.SetLocation(folder);
    }

    /// <inheritdoc/>
    public Task<string> DescribeAsync(CancellationToken cancellationToken = default) => Task.FromResult("script");

    /// <inheritdoc/>
    public async Task<BatchSnapshot> ReadAsync(CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var at = _clock.GetUtcNow();
            using var shell = System.Management.Automation.PowerShell.Create();
            shell.Runspace = _runspace;
            shell.AddScript(_script, useLocalScope: true);
            var registration = cancellationToken.Register(() => shell.BeginStop(null, null));
            await using (registration.ConfigureAwait(false))
            {
                var output = await Task.Factory.FromAsync(shell.BeginInvoke(), shell.EndInvoke).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (shell.HadErrors && shell.Streams.Error.Count > 0) throw Failed(string.Join(' ', shell.Streams.Error.Take(ErrorsTold).Select(e => e.ToString())), null);
                return new BatchSnapshot(at, [.. output.Select((o, i) => Job(o, i + 1, at))], []);
            }
        }
        catch (Exception e) when (e is RuntimeException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(e.Message, e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task AllowAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _runspace.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HostConnectionException Failed(string what, Exception? cause) =>
        new("PendingScriptFailed", $"The pending script failed: {what}", RequestState.Unknown, cause);

    private static BatchJob Job(PSObject output, int number, DateTimeOffset now)
    {
        if (output?.BaseObject is BatchJob job) return job;
        var id = Text("Id") ?? Text("JobId") ?? throw Wrong("Id", "is missing");
        var nodes = Names("Nodes");
        return new BatchJob
        {
            Id = id,
            Name = Text("Name") ?? string.Empty,
            User = Text("User") ?? string.Empty,
            State = Value("State", nodes.Length > 0 ? BatchJobState.Running : BatchJobState.Pending),
            NodeCount = Value("NodeCount", 1),
            CpuPerNode = Value("CpuPerNode", 1),
            MemoryPerNode = Text("MemoryPerNode") is { } memory ? ByteSize.TryParse(memory, CultureInfo.InvariantCulture, out var size) ? size : throw Wrong("MemoryPerNode", $"is '{memory}', not a size such as 4GB") : ByteSize.Zero,
            GpuPerNode = Value("GpuPerNode", 0),
            Nodes = nodes,
            Partitions = Names("Partitions"),
            SubmittedAt = Value("SubmittedAt", now),
            StartedAt = nodes.Length > 0 ? Value("StartedAt", now) : null,
            TimeLimit = Text("TimeLimit") is { } limit ? DurationTransformationAttribute.TryParse(limit, out var duration) ? duration : throw Wrong("TimeLimit", $"is '{limit}', not a duration such as 2h") : null,
            Priority = Value("Priority", 0.0),
        };

        object? Raw(string name) => output?.Properties[name]?.Value;

        string? Text(string name) => Raw(name) is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;

        string[] Names(string name) => Raw(name) switch
        {
            null => [],
            string one => [one],
            IEnumerable many => [.. many.Cast<object>().Select(LanguagePrimitives.ConvertTo<string>)],
            var other => [LanguagePrimitives.ConvertTo<string>(other)],
        };

        T Value<T>(string name, T fallback)
        {
            if (Raw(name) is not { } value) return fallback;
            return LanguagePrimitives.TryConvertTo<T>(value, CultureInfo.InvariantCulture, out var converted) ? converted : throw Wrong(name, $"is '{value}', which is no {typeof(T).Name}");
        }

        HostProtocolException Wrong(string name, string what) =>
            new("PendingScriptInvalid", $"Job {number} that the pending script wrote cannot be used: its {name} {what}. It needs Id, and may have State, NodeCount, CpuPerNode, MemoryPerNode, GpuPerNode, TimeLimit, SubmittedAt, Nodes and Priority.");
    }
}
