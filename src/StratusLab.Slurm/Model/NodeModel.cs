using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Makes of Slurm's node records what the site has to know.</summary>
internal static class NodeModel
{
    public static BatchNode Of(SlurmNode node) => new()
    {
        Name = node.Name,
        State = StateOf(node),
        Partitions = node.Partitions,
        IsCloud = node.States.Contains("CLOUD"),
        Cpu = node.Cpus,
        CpuAllocated = node.AllocatedCpus,
        Memory = ByteSize.FromMiB(node.Memory),
        MemoryAllocated = ByteSize.FromMiB(node.AllocatedMemory),
        Gpu = SlurmTres.Gpus(node.Gres),
        Features = node.Features,
        Address = NullIfEmpty(node.Address),
        InstanceId = NullIfEmpty(node.InstanceId) ?? NodeNotes.InstanceOf(node.Extra),
        BootedAt = node.BootedAt,
        Reason = NullIfEmpty(node.Reason),
    };

    // A node that is down or drained is not asked for, powered or not, unless it is on its way off and starts anew from there;
    // one that powers up does not answer yet, and that is no fault.
    private static BatchNodeState StateOf(SlurmNode node)
    {
        var states = node.States;
        bool Is(params ReadOnlySpan<string> any)
        {
            foreach (var state in any)
            {
                if (states.Contains(state)) return true;
            }

            return false;
        }

        if (Is("POWERING_DOWN")) return BatchNodeState.PoweringDown;
        if (Is("DOWN", "ERROR", "FAIL", "FAILING", "INVALID_REG")) return BatchNodeState.Down;
        if (Is("POWER_DOWN", "POWER_DRAIN")) return BatchNodeState.PoweringDown;
        if (Is("DRAIN", "DRAINED", "DRAINING", "MAINT", "MAINTENANCE"))
            return node.AllocatedCpus > 0 || Is("ALLOCATED", "MIXED", "COMPLETING") ? BatchNodeState.Draining : BatchNodeState.Drained;
        if (Is("POWERING_UP", "POWER_UP")) return BatchNodeState.PoweringUp;
        if (Is("POWERED_DOWN")) return BatchNodeState.PoweredDown;
        if (Is("NOT_RESPONDING", "REBOOT_ISSUED")) return BatchNodeState.Down;
        if (Is("ALLOCATED", "MIXED", "COMPLETING")) return BatchNodeState.Allocated;
        return Is("IDLE") ? BatchNodeState.Idle : BatchNodeState.Unknown;
    }

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
}
