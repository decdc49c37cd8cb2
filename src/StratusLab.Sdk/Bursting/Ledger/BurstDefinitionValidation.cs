using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Checks what a burst is said to be, before anything is changed.</summary>
internal static class BurstDefinitionValidation
{
    public static void Check(BurstDefinition burst)
    {
        ResourceName.Validate(burst.Name, "burst name");
        if (burst.Policy.DailyBudget is null) throw BurstErrors.NoBudget(burst.Name);
        burst.Policy.Validate();
        if (string.IsNullOrWhiteSpace(burst.Image)) throw new InvalidInputException("InvalidBurst", $"The burst '{burst.Name}' names no image.", "Image");
        if (burst.PricePerHour < 0) throw NoPrice($"burst '{burst.Name}'", burst.PricePerHour);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var shape in burst.Classes)
        {
            SizeRegistry.Validate(shape.Cpu, shape.Memory, shape.Disk);
            if (shape.PricePerHour < 0) throw NoPrice($"class '{shape.Name}'", shape.PricePerHour);
            if (shape.Markets.Count == 0) throw new InvalidInputException("InvalidBurst", $"The class '{shape.Name}' has no market; give OnDemand, Spot or both.", "Markets");
            foreach (var node in shape.Nodes)
            {
                ResourceName.Validate(node, "node name");
                if (!names.Add(node)) throw new InvalidInputException("InvalidBurst", $"The node '{node}' is named twice among the classes of burst '{burst.Name}'.", "Nodes");
            }
        }
    }

    private static InvalidInputException NoPrice(string of, decimal price) =>
        new("InvalidBurst", FormattableString.Invariant($"The price of {of} is {price}; it is 0 or more."), "PricePerHour");
}
