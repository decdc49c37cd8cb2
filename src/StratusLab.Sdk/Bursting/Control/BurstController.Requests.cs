using StratusLab.Core;

namespace StratusLab.Sdk;

public sealed partial class BurstController
{
    private async Task<IReadOnlyList<BurstRequest>> ReadRequestsAsync(CancellationToken cancellationToken)
    {
        if (_options.Requests is not { } requests || _options.Definition.Policy.Mode is BurstMode.Advise) return [];
        try
        {
            return await requests.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            _problems.Add($"What the batch system asks for cannot be read: {e.Message}");
            return [];
        }
    }

    private async Task AnswerAsync(IReadOnlyList<BurstRequest> requests, BatchSnapshot snapshot, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            var isDone = request.Kind switch
            {
                BurstRequestKind.Resume => await ResumeAsync(request, snapshot, cancellationToken).ConfigureAwait(false),
                BurstRequestKind.Suspend => await WriteAsync(w => Suspend(w, request), cancellationToken).ConfigureAwait(false),
                _ => true,
            };
            if (!isDone) continue;
            try
            {
                await _options.Requests!.CompleteAsync(request.Id, cancellationToken).ConfigureAwait(false);
            }
            catch (StratusException e)
            {
                _problems.Add($"A request of the batch system could not be put away, and is looked at again: {e.Message}");
            }
        }
    }

    // Whether nothing of the request is left to do.
    private async Task<bool> ResumeAsync(BurstRequest request, BatchSnapshot snapshot, CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var classes = BurstClasses.Of(state.Definition, snapshot);
        var offers = await ListOffersAsync(state, classes, cancellationToken).ConfigureAwait(false);
        var answer = await WriteAsync(w => new BurstResume(w, classes, offers, snapshot).Answer(request), cancellationToken).ConfigureAwait(false);
        var isTold = await PowerDownAsync(answer.Refused, cancellationToken).ConfigureAwait(false);
        return answer.Postponed == 0 && isTold;
    }

    // Whether the batch system heard of it: it would wait for such nodes for long.
    private async Task<bool> PowerDownAsync(IReadOnlyList<(string Node, string Why)> refused, CancellationToken cancellationToken)
    {
        if (refused.Count == 0) return true;
        foreach (var (node, why) in refused) _problems.Add($"Node '{node}' is not launched though the batch system asks for it: {why}");
        var changes = refused.ToDictionary(
            r => r.Node, r => new BatchNodeChange { Action = BatchNodeAction.PowerDown, Reason = $"{BurstNodeLife.Mark} {Name}: {r.Why}" }, StringComparer.Ordinal);
        try
        {
            foreach (var (node, error) in await Batch.ChangeNodesAsync(changes, cancellationToken).ConfigureAwait(false))
                _problems.Add($"The batch system could not be told about node '{node}': {error.Message}");
            return true;
        }
        catch (StratusException e)
        {
            _problems.Add($"The batch system could not be told about {changes.Count} nodes: {e.Message}");
            return e.Kind is not (StratusErrorKind.Connection or StratusErrorKind.Timeout);
        }
    }

    private static bool Suspend(LedgerWriter writer, BurstRequest request)
    {
        var isDone = true;
        var living = writer.Read().Nodes.Where(n => !n.HasEnded).ToDictionary(n => n.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var name in request.Nodes)
        {
            if (!living.TryGetValue(name, out var node)) continue;

            // It was asked for again after it was given back.
            if (node.WantedAt > request.At) continue;
            var steps = new List<BurstTransition>();
            if (BurstTransitions.Allows(node.State, BurstNodeState.Draining, BurstNodeCause.Suspended))
                writer.Save(node.Move(BurstNodeState.Draining, BurstNodeCause.Suspended, writer.Now, steps), steps);
            else if (BurstTransitions.Allows(node.State, BurstNodeState.Terminated, BurstNodeCause.NotNeeded))
                writer.Save(node.Move(BurstNodeState.Terminated, BurstNodeCause.NotNeeded, writer.Now, steps, "the batch system gave it back"), steps);
            else if (node.State is BurstNodeState.Launching) isDone = false;
        }

        return isDone;
    }
}
