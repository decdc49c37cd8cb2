using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Finds out whether a VM fulfils a condition, and if it does not, what is missing.</summary>
internal sealed class ConditionProbe(CloudInitProbe cloudInit)
{
    private static readonly TimeSpan ExplainPatience = TimeSpan.FromSeconds(5);

    public async Task<Verdict> JudgeAsync(IComputeProvider provider, VirtualMachine vm, VmCondition condition, GuestAccess? access, CancellationToken cancellationToken)
    {
        if (condition == VmCondition.Stopped) return vm.State is VmState.Stopped or VmState.Crashed ? Verdict.Met : Verdict.NotYet($"it is {vm.State}");
        if (vm.State == VmState.Crashed)
            return Verdict.Never(new StratusException("VmCrashed", StratusErrorKind.InvalidState, $"VM '{vm.Name}' has crashed; its console log may tell why.") { Resource = vm.Name });
        if (vm.State != VmState.Running) return Verdict.NotYet($"it is {vm.State}");
        return condition switch
        {
            VmCondition.Running => Verdict.Met,
            VmCondition.Address => vm.IPAddress is null ? Verdict.NotYet("no address") : Verdict.Met,
            VmCondition.Ssh => await SshAsync(vm, cancellationToken).ConfigureAwait(false),
            VmCondition.CloudInit => await cloudInit.AskAsync(provider, vm, access ?? new GuestAccess(), cancellationToken).ConfigureAwait(false),
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };
    }

    /// <summary>What is missing, as exactly as can be told in a few seconds.</summary>
    public static async Task<string> ExplainAsync(IComputeProvider provider, VirtualMachine? vm, VmCondition condition, string problem, CancellationToken cancellationToken)
    {
        var waitsForAddress = condition is VmCondition.Address or VmCondition.Ssh or VmCondition.CloudInit && vm is { State: VmState.Running, IPAddress: null };
        if (vm is null || !waitsForAddress || !provider.Capabilities.HasFlag(ProviderCapabilities.AddressDiagnosis) || provider is not IAddressSource source) return problem + ".";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ExplainPatience);
        try
        {
            var report = await source.FindAddressesAsync(vm.Id, patience.Token).ConfigureAwait(false);
            return report.Missing.Count == 0 ? problem + "." : $"{problem}: {string.Join("; ", report.Missing)}.";
        }
        catch (Exception e) when (e is StratusException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{problem}, and the host could not say why: {e.Message}";
        }
    }

    private static async Task<Verdict> SshAsync(VirtualMachine vm, CancellationToken cancellationToken)
    {
        if (vm.IPAddress is null) return Verdict.NotYet("no address");
        var problems = await Task.WhenAll(vm.IPAddresses.Select(a => SshBanner.FindProblemAsync(a, cancellationToken))).ConfigureAwait(false);
        return problems.Contains(null) ? Verdict.Met : Verdict.NotYet(string.Join("; ", problems));
    }
}
