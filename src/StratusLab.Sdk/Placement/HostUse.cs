using StratusLab.Core;
using static System.FormattableString;

namespace StratusLab.Sdk;

/// <summary>What counts against the limits of a host: VMs that StratusLab made or is about to make, running or not.</summary>
/// <param name="Vm">VMs.</param>
/// <param name="VCpu">Their virtual CPUs.</param>
/// <param name="Cost">What they cost an hour, in US dollars.</param>
/// <param name="Unpriced">One of them whose price is not known; null if there is none.</param>
internal readonly record struct HostUse(int Vm, int VCpu, decimal Cost, string? Unpriced = null)
{
    public static HostUse Of(VirtualMachine vm, bool isPriced) => Of(vm.Name, vm.Cpu, vm.HourlyPrice, isPriced);

    /// <summary>A VM that is being created, at the most that it can come to.</summary>
    public static HostUse Of(JournalEntry creation, bool isPriced)
    {
        var request = SiteJournal.RequestOf(creation);
        return Of(request.Name, creation.Cpu ?? request.Cpu, request.MaxHourlyPrice, isPriced);
    }

    public static HostUse Sum(IEnumerable<HostUse> uses) => uses.Aggregate(default(HostUse), (sum, use) => sum + use);

    public static HostUse operator +(HostUse a, HostUse b) => new(a.Vm + b.Vm, a.VCpu + b.VCpu, a.Cost + b.Cost, a.Unpriced ?? b.Unpriced);

    /// <summary>Whether this is within a host's limits.</summary>
    public bool IsWithin(HostDefinition host) =>
        !(Vm > host.MaxVm) && !(VCpu > host.MaxVCpu) && (host.MaxHourlyCost is not { } most || (Unpriced is null && Cost <= most));

    /// <summary>Which of a host's limits this is above, for people; null if above none.</summary>
    /// <param name="host">The host.</param>
    /// <param name="one">The last VM in it.</param>
    public string? Excess(HostDefinition host, HostUse one)
    {
        var before = (Vm: Vm - one.Vm, VCpu: VCpu - one.VCpu, Cost: Cost - one.Cost);
        var missing = new List<string>();
        if (Vm > host.MaxVm) missing.Add(Invariant($"{before.Vm} of at most {host.MaxVm} VMs (MaxVM) are there or under way"));
        if (VCpu > host.MaxVCpu) missing.Add(Invariant($"{before.VCpu} of at most {host.MaxVCpu} virtual CPUs (MaxVCpu) are in use or under way, {one.VCpu} needed"));
        if (host.MaxHourlyCost is { } most)
        {
            if (Unpriced is not null) missing.Add(Invariant($"the price of VM '{Unpriced}' is not known, so that MaxHourlyCost {Money.Text(most)} cannot be kept"));
            else if (Cost > most) missing.Add(Invariant($"{Money.Text(before.Cost)} of at most {Money.Text(most)} an hour (MaxHourlyCost) are spent or promised, {Money.Text(one.Cost)} needed"));
        }

        return missing.Count == 0 ? null : string.Join(", ", missing);
    }

    private static HostUse Of(string name, int cpu, decimal? price, bool isPriced) => new(1, cpu, isPriced ? price ?? 0 : 0, isPriced && price is null ? name : null);
}
