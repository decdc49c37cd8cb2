using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A last look at a plan: what others have begun since it was made may have taken the room or the name.</summary>
internal sealed class Admission(IReadOnlyList<PlannedVm> vms)
{
    /// <summary>VMs that may not go on, with the reason.</summary>
    public List<(PlannedVm Vm, StratusException Error)> Refused { get; } = [];

    /// <summary>The VMs that may go on, in the order of their intents.</summary>
    public List<PlannedVm> Admitted { get; } = [];

    /// <summary>From where the journal has to be looked at.</summary>
    public long Mark { get; } = vms.Min(v => v.Room?.Mark ?? long.MaxValue);

    public IReadOnlyList<JournalIntent> Admit(IReadOnlyList<JournalEntry> newer)
    {
        var names = newer.Select(e => e.Target).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var used = newer.GroupBy(e => e.Host, StringComparer.OrdinalIgnoreCase).ToDictionary(
            g => g.Key,
            g => g.Select(SiteJournal.RequestOf).Aggregate((Cpu: 0, Memory: 0L), (sum, r) => (sum.Cpu + r.Cpu, sum.Memory + r.Memory.Bytes)),
            StringComparer.OrdinalIgnoreCase);
        foreach (var vm in vms)
        {
            var (cpu, memory) = used.GetValueOrDefault(vm.Host);
            var (cpuAfter, memoryAfter) = (cpu + vm.Request.Cpu, memory + vm.Request.Memory.Bytes);
            if (names.Contains(vm.Request.Name))
                Refused.Add((vm, VmPlanner.NameTaken(vm.Request.Name, "another VM of that name was begun meanwhile")));
            else if (vm.Room is { } room && (cpuAfter > room.Cpu || memoryAfter > room.Memory))
                Refused.Add((vm, TakenMeanwhile(vm)));
            else
                Accept(vm, used, (cpuAfter, memoryAfter));
        }

        return [.. Admitted.Select(v => JournalIntent.Create(v.Host, v.Request))];
    }

    private void Accept(PlannedVm vm, Dictionary<string, (int Cpu, long Memory)> used, (int Cpu, long Memory) after)
    {
        used[vm.Host] = after;
        Admitted.Add(vm);
    }

    private static StratusException TakenMeanwhile(PlannedVm vm) => new(
        "NoCapacity",
        StratusErrorKind.NoCapacity,
        $"Other VMs have taken the room on host '{vm.Host}' since VM '{vm.Request.Name}' was planned. Ask for it again.") { Resource = vm.Request.Name, IsTransient = true };
}
