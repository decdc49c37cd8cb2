using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Creating the VMs of one call, waiting for them, and keeping account of it.</summary>
internal sealed class NewVmWork(IReadOnlyList<PlannedVm> plan, VmCondition? condition, TimeSpan timeout, GuestAccess access, bool passThru)
{
    private readonly Dictionary<VmId, VirtualMachine> _created = [];
    private readonly HashSet<Guid> _settled = [];
    private StratusSite? _site;
    private int _reached;

    public async Task RunAsync(IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        _site = site;
        using var progress = new ProgressSink(pipeline);
        await CreateAsync(pipeline, site, progress, cancellationToken).ConfigureAwait(false);
        if (condition is { } awaited && _created.Count > 0) await WaitAsync(awaited, pipeline, site, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is left after the work was stopped, as the journal tells it.</summary>
    public async Task<string?> DescribeRestAsync(CancellationToken cancellationToken)
    {
        if (_site is null) return null;
        var created = _created.Count;
        var unfinished = 0;
        var open = plan.Select(vm => vm.Request.RequestId).Except(_settled).ToHashSet();
        var begun = plan.Min(vm => vm.Request.CreatedAt);
        await foreach (var entry in _site.Journal.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (open.Count == 0 || entry.CreatedAt < begun) break;
            if (entry.Kind != JournalKind.CreateVm || entry.RequestId is not { } id || !open.Remove(id)) continue;
            if (entry.State == JournalState.Done) created++;
            else if (entry.State == JournalState.Open) unfinished++;
        }

        if (condition is not null ? _reached == plan.Count : _settled.Count == plan.Count) return null;
        var text = $"New-StratusVM was stopped: of {plan.Count} VMs {created} are created and stay";
        if (condition is { } awaited && _reached < created) text += $" ({_reached} of them reached {awaited}, the others were not waited for)";
        text += unfinished > 0
            ? $", {unfinished} are unfinished: the next start or Repair-StratusSite completes or removes them."
            : ", nothing is half made.";
        return text + " Get-StratusVM shows what is there.";
    }

    private async Task CreateAsync(IPipeline pipeline, StratusSite site, ProgressSink progress, CancellationToken cancellationToken)
    {
        var names = plan.ToDictionary(vm => vm.Request.RequestId, vm => vm.Request.Name);
        await foreach (var outcome in site.Vms.CreateAsync(plan, progress, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.RequestId is { } request) _settled.Add(request);
            if (outcome.Vm is { } vm)
            {
                _created[vm.Id] = vm;
                if (condition is null) await pipeline.WriteAsync(vm).ConfigureAwait(false);
            }
            else if (outcome.Error is { } error)
            {
                var name = outcome.RequestId is { } id ? names.GetValueOrDefault(id) : null;
                await pipeline.WriteErrorAsync(error.ToErrorRecord(name)).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(VmCondition awaited, IPipeline pipeline, StratusSite site, ProgressSink progress, CancellationToken cancellationToken)
    {
        await foreach (var outcome in site.Vms.WaitAsync([.. _created.Keys], awaited, timeout, progress, access, cancellationToken).ConfigureAwait(false))
        {
            var vm = outcome.Vm ?? (outcome.Id is { } id ? _created.GetValueOrDefault(id) : null);
            if (outcome.Error is { } error) await pipeline.WriteErrorAsync(error.ToErrorRecord(vm)).ConfigureAwait(false);
            else _reached++;
            if (vm is not null && (outcome.Succeeded || passThru)) await pipeline.WriteAsync(vm).ConfigureAwait(false);
        }
    }
}
