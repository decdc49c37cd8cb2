using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What can be wrong with a burst as a whole.</summary>
internal static class BurstErrors
{
    public const string Held = "BurstHeld";
    public const string TenureLost = "BurstTenureLost";

    public static StratusException NotFound(string name) => new(
        "BurstNotFound", StratusErrorKind.NotFound, $"The site has no burst '{name}'. Get-StratusBurst shows those that there are.") { Resource = name };

    public static StratusException IsHeld(string name, string holder, DateTimeOffset until) => new(
        Held,
        StratusErrorKind.InvalidState,
        $"The burst '{name}' is controlled by {holder}, until {until:u} if that ends without a word. Stop that controller first, or wait until then.") { Resource = name, IsTransient = true };

    public static StratusException IsLost(string name, string? holder) => new(
        TenureLost,
        StratusErrorKind.InvalidState,
        $"The burst '{name}' is controlled by {holder ?? "nobody"} now; this controller changes nothing more.") { Resource = name };

    public static StratusException HasNodesElsewhere(string name, string host, long count) => new(
        "BurstHasNodes",
        StratusErrorKind.InvalidState,
        $"The burst '{name}' has {count} nodes on host '{host}'. Stop it there first (Stop-StratusBurst -Drain), or use another name.") { Resource = name };

    public static InvalidInputException NoBudget(string name) => new(
        "BurstBudgetMissing", $"The burst '{name}' has no daily budget, and does not start without one. Say what may be spent in a day.", "DailyBudget");
}
