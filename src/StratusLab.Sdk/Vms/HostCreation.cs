using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Creates VMs on one host: the image first, then all at once; what stays in doubt is looked up.</summary>
internal sealed class HostCreation(IComputeProvider provider, string host, ImageLibrary images)
{
    private const string ImageGone = "ImageNotOnHost";
    private const int Attempts = 3;

    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(30);

    /// <summary>One result per entry.</summary>
    public async IAsyncEnumerable<HostResult> RunAsync(
        IReadOnlyList<(JournalEntry Entry, VmRequest Request)> items,
        IProgress<TransferProgress>? transfer,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var image in items.GroupBy(i => (i.Request.Image.Digest, IsCopy: i.Request.CopyDiskOf is not null)))
        {
            var batch = image.ToDictionary(item => item.Entry.Id);
            for (var attempt = 1; batch.Count > 0; attempt++)
            {
                if (!image.Key.IsCopy && await EnsureImageAsync(image.First().Request.Image, transfer, cancellationToken).ConfigureAwait(false) is { } failure)
                {
                    foreach (var (entry, request) in batch.Values) yield return new HostResult(entry, Failed(request, failure), JournalState.Failed);
                    break;
                }

                var evicted = new Dictionary<long, (JournalEntry Entry, VmRequest Request)>();
                await foreach (var result in CreateAsync([.. batch.Values], cancellationToken).ConfigureAwait(false))
                {
                    // Another administrator may need the room just then; nothing was made of it.
                    if (result.Outcome.Error?.ErrorId == ImageGone && attempt < Attempts) evicted[result.Entry.Id] = batch[result.Entry.Id];
                    else yield return result;
                }

                batch = evicted;
            }
        }
    }

    /// <summary>Settles interrupted creations by asking the host; what cannot be settled is <see cref="JournalState.Open"/>.</summary>
    public async IAsyncEnumerable<HostResult> RecoverAsync(
        IReadOnlyList<(JournalEntry Entry, VmRequest Request)> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = items.ToDictionary(i => i.Request.RequestId);
        var stream = HostStream.Guard(() => provider.RecoverAsync([.. items.Select(i => i.Request)], cancellationToken), host, cancellationToken);
        var failure = HostErrors.NoOutcome(host);
        await foreach (var (outcome, error) in stream.ConfigureAwait(false))
        {
            failure = error ?? failure;
            if (outcome?.RequestId is not { } id || !open.Remove(id, out var item)) continue;
            var state = outcome.Error is not null ? JournalState.Open : outcome.Vm is null ? JournalState.Failed : JournalState.Done;
            yield return new HostResult(item.Entry, outcome, state);
        }

        foreach (var (entry, request) in open.Values) yield return new HostResult(entry, Failed(request, failure), JournalState.Open);
    }

    private async IAsyncEnumerable<HostResult> CreateAsync(
        IReadOnlyList<(JournalEntry Entry, VmRequest Request)> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = items.ToDictionary(i => i.Request.RequestId);
        var doubtful = new Dictionary<long, VmOutcome>();
        var stream = HostStream.Guard(() => provider.CreateAsync([.. items.Select(i => i.Request)], cancellationToken), host, cancellationToken);
        var failure = HostErrors.NoOutcome(host);
        await foreach (var (outcome, error) in stream.ConfigureAwait(false))
        {
            failure = error ?? failure;
            if (outcome?.RequestId is not { } id || !open.TryGetValue(id, out var item)) continue;
            if (outcome.Error is { } reason && HostErrors.LeavesDoubt(reason))
            {
                doubtful[item.Entry.Id] = outcome;
                continue;
            }

            open.Remove(id);
            yield return new HostResult(item.Entry, outcome, outcome.Succeeded ? JournalState.Done : JournalState.Failed);
        }

        if (open.Count == 0) yield break;
        foreach (var (entry, request) in open.Values) doubtful.TryAdd(entry.Id, Failed(request, failure));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(RecoveryPatience);
        var recovery = HostStream.Guard(() => RecoverAsync([.. open.Values], patience.Token), host, cancellationToken);
        await foreach (var (result, _) in recovery.ConfigureAwait(false))
        {
            if (result is null || !doubtful.Remove(result.Entry.Id, out var first)) continue;

            // Found running after all is a success; otherwise the first error tells more than that of the second look.
            yield return result.State == JournalState.Done ? result : result with { Outcome = first };
        }

        foreach (var (entry, _) in open.Values)
            if (doubtful.TryGetValue(entry.Id, out var first)) yield return new HostResult(entry, first, JournalState.Open);
    }

    private async Task<StratusException?> EnsureImageAsync(ImageDescriptor image, IProgress<TransferProgress>? transfer, CancellationToken cancellationToken)
    {
        if (image.HostImages is not null && provider is not INativeImageHost) return ReferenceContent.NoDisk(image);
        if (!provider.Capabilities.HasFlag(ProviderCapabilities.Images) || provider is not IImageHost store) return null;
        try
        {
            await store.EnsureImageAsync(images.Open(image), transfer, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return HostErrors.Wrap(e, host);
        }
    }

    private VmOutcome Failed(VmRequest request, StratusException error) =>
        new() { Id = provider.IdentityOf(request.RequestId), RequestId = request.RequestId, Error = error };
}
