namespace StratusLab.Sdk;

/// <summary>What would be created where, before anything is.</summary>
/// <param name="Vms">The VMs that can be created, in the order of their names in the specification.</param>
/// <param name="Refused">Those that cannot, each with its reason.</param>
public sealed record VmPlan(IReadOnlyList<PlannedVm> Vms, IReadOnlyList<RefusedVm> Refused)
{
    /// <summary>What the VMs are expected to cost an hour together, in US dollars; zero where they cost nothing. Those whose price is not known are not in it.</summary>
    public decimal HourlyPrice => Vms.Sum(vm => vm.HourlyPrice ?? 0);

    /// <summary>How many VMs go where and what they cost, in one line for people.</summary>
    public string Summary => PlanSummary.Of(Vms, Vms.Count + Refused.Count);
}
