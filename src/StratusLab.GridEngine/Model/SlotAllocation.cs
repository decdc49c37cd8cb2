namespace StratusLab.GridEngine;

/// <summary>How a parallel environment spreads slots over hosts, by its <c>allocation_rule</c>.</summary>
internal static class SlotAllocation
{
    /// <summary>The rule in what <c>qconf -sp</c> says.</summary>
    public static string RuleIn(string environment) =>
        environment.Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(fields => fields is ["allocation_rule", _, ..])?[1] ?? string.Empty;

    /// <summary>Hosts and slots on each. Where the rule leaves it to Grid Engine, hosts are filled that have as many slots as the largest.</summary>
    public static (int Hosts, int Slots) Of(int slots, string rule, int largest)
    {
        if (rule == "$pe_slots") return (1, slots);
        var each = Quantity.Count(rule);
        if (each == 0) each = Math.Min(slots, Math.Max(1, largest));
        return ((int)(((long)slots + each - 1) / each), each);
    }
}
