using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>Hands a host's events to all who watch. A watcher that is too slow loses events and is told so.</summary>
internal sealed class EventFeed
{
    private const int Backlog = 1024;
    private readonly ConcurrentDictionary<Watcher, bool> _watchers = new();

    public void Publish(VmEvent happened)
    {
        foreach (var watcher in _watchers.Keys)
        {
            if (!watcher.Events.Writer.TryWrite(happened)) watcher.HasLost = true;
        }
    }

    public async IAsyncEnumerable<VmEvent> WatchAsync(string host, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = new Watcher();
        _watchers[watcher] = true;
        try
        {
            await foreach (var happened in watcher.Events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return happened with { Id = happened.Id with { Host = host } };
                if (watcher.HasLost && watcher.Events.Reader.Count == 0)
                {
                    watcher.HasLost = false;
                    yield return new VmEvent(default, VmEventKind.Lost, VmState.Unknown, happened.At);
                }
            }
        }
        finally
        {
            _watchers.TryRemove(watcher, out _);
        }
    }

    private sealed class Watcher
    {
        public Channel<VmEvent> Events { get; } = Channel.CreateBounded<VmEvent>(Backlog);

        public volatile bool HasLost;
    }
}
