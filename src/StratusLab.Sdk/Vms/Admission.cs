using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A last look at a plan: what others have begun since it was made may have taken the room, the name, or the last of the money.</summary>
internal sealed class Admission(IReadOnlyList<PlannedVm> vms)
{
    /// <summary>VMs that may not go on, with the reason.</summary>
    public List<(PlannedVm Vm, StratusException Error)> Refused { get; } = [];

    /// <summary>The VMs that may go on, in the order of their intents.</summary>
    public List<PlannedVm> Admitted { get; } = [];

    /// <summary>From where the journal has to be looked at.</summary>
    public long Mark { get; } = vms.Min(v => v.Room?.Mark ?? long.MaxValue);

    /// <summary>Older entries that have to be looked at too.</summary>
    public IReadOnlyList<long> Abandoned { get; } = [.. vms.Select(v => v.Room).Distinct().SelectMany(r => r?.Abandoned ?? []).Distinct()];

    /// <summary>Decides.</summary>
    /// <param name="newer">Creations that are under way or done, and that the plan does not know.</param>
    /// <param name="hosts">The hosts with the limits that they have now.</param>
    public IReadOnlyList<JournalIntent> Admit(IReadOnlyList<JournalEntry> newer, IReadOnlyList<HostDefinition> hosts)
    {
        var names = newer.Where(e => e.Id > Mark || e.State == JournalState.Done).Select(e => e.Target).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var entries = newer.ToLookup(e => e.Host, StringComparer.OrdinalIgnoreCase);
        var accounts = new Dictionary<string, Account>(StringComparer.OrdinalIgnoreCase);
        foreach (var vm in vms)
        {
            if (!accounts.TryGetValue(vm.Host, out var account))
            {
                var definition = hosts.FirstOrDefault(h => string.Equals(h.Name, vm.Host, StringComparison.OrdinalIgnoreCase));
                accounts[vm.Host] = account = new Account(definition, vm.Room?.IsPriced ?? false, entries[vm.Host]);
            }

            if (names.Contains(vm.Request.Name)) Refused.Add((vm, VmPlanner.NameTaken(vm.Request.Name, "another VM of that name was begun meanwhile")));
            else if (account.Take(vm) is { } why) Refused.Add((vm, TakenMeanwhile(vm, why)));
            else Admitted.Add(vm);
        }

        return [.. Admitted.Select(v => JournalIntent.Create(v.Host, v.Request) with { Cpu = v.Cpu })];
    }

    private static StratusException TakenMeanwhile(PlannedVm vm, string why) => new(
        "NoCapacity",
        StratusErrorKind.NoCapacity,
        $"Other VMs have taken the room on host '{vm.Host}' since VM '{vm.Request.Name}' was planned{why}. Ask for it again.") { Resource = vm.Request.Name, IsTransient = true };

    /// <summary>What one host was given since the plan.</summary>
    private sealed class Account(HostDefinition? host, bool isPriced, IEnumerable<JournalEntry> newer)
    {
        private (int Cpu, long Memory) _room = newer.Select(SiteJournal.RequestOf).Aggregate((0, 0L), (sum, r) => (sum.Item1 + r.Cpu, sum.Item2 + r.Memory.Bytes));
        private HostUse _use = HostUse.Sum(newer.Select(e => HostUse.Of(e, isPriced)));

        /// <summary>Counts a VM.</summary>
        /// <returns>Why it does not fit, to follow the sentence that says so; null if it does.</returns>
        public string? Take(PlannedVm vm)
        {
            if (vm.Room is not { } room) return null;
            var (cpu, memory) = (_room.Cpu + vm.Request.Cpu, _room.Memory + vm.Request.Memory.Bytes);
            if (!room.IsElastic && (cpu > room.Cpu || memory > room.Memory)) return string.Empty;
            var one = new HostUse(1, vm.Cpu ?? vm.Request.Cpu, vm.Request.MaxHourlyPrice ?? 0, isPriced && vm.Request.MaxHourlyPrice is null ? vm.Request.Name : null);
            if (host is not null && (room.Use + _use + one).Excess(host, one) is { } excess) return $": {excess}";
            (_room, _use) = ((cpu, memory), _use + one);
            return null;
        }
    }
}
