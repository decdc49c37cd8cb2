namespace StratusLab.Sdk;

/// <summary>What would be created where, before anything is.</summary>
/// <param name="Vms">The VMs that can be created, in the order of their names in the specification.</param>
/// <param name="Refused">Those that cannot, each with its reason.</param>
public sealed record VmPlan(IReadOnlyList<PlannedVm> Vms, IReadOnlyList<RefusedVm> Refused);
