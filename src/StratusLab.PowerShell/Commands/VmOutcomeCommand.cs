using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet whose work on VMs ends well or badly for each VM by itself.</summary>
public abstract class VmOutcomeCommand : VmCommand
{
    private int _total;
    private int _done;

    /// <summary>Whether VMs are written to the output once their work is done.</summary>
    private protected abstract bool EmitsVms { get; }

    /// <summary>What is true of VMs that the work did not come to.</summary>
    private protected virtual string RestHint => "Get-StratusVM shows in which state they are.";

    /// <summary>Does the work and streams what comes of it.</summary>
    private protected abstract IAsyncEnumerable<VmOutcome> OutcomesAsync(
        IReadOnlyList<VmId> vms, StratusSite site, IProgress<SiteProgress> progress, CancellationToken cancellationToken);

    private protected override async Task WorkAsync(IReadOnlyList<VirtualMachine> vms, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        _total = vms.Count;
        var byId = vms.ToDictionary(vm => vm.Id);
        using var progress = new ProgressSink(pipeline);
        await foreach (var outcome in OutcomesAsync([.. byId.Keys], site, progress, cancellationToken).ConfigureAwait(false))
        {
            _done++;
            progress.Report(new SiteProgress($"{Action} VMs", _done, _total, null, null));
            var vm = outcome.Id is { } id ? byId.GetValueOrDefault(id) : null;
            if (outcome.Error is { } error) await pipeline.WriteErrorAsync(error.ToErrorRecord(vm)).ConfigureAwait(false);
            else if (EmitsVms && (outcome.Vm ?? vm) is { } result) await pipeline.WriteAsync(result).ConfigureAwait(false);
        }
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_done < _total ? $"{MyInvocation.MyCommand.Name} was stopped: {_done} of {_total} VMs are done, {_total - _done} are not. {RestHint}" : null);
}
