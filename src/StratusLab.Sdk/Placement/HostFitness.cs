using StratusLab.Core;
using static System.FormattableString;

namespace StratusLab.Sdk;

/// <summary>Whether a host can run VMs of a shape at all, however much room it has.</summary>
internal static class HostFitness
{
    /// <summary>Why it cannot, for people; null if it can.</summary>
    public static string? Unfit(PlacementShape shape, HostSnapshot host)
    {
        if (!Wildcard.MatchesAny(shape.HostNames, host.Definition.Name)) return "not among the hosts asked for";
        foreach (var (key, value) in shape.HostLabels)
        {
            if (!host.Definition.Labels.TryGetValue(key, out var actual)) return $"has no label '{key}'";
            if (value != "*" && value != actual) return $"label {key} is '{actual}', not '{value}'";
        }

        if (host.Status.Health != HostHealth.Ready) return $"{(host.Status.Health == HostHealth.Unreachable ? "does not answer" : "not ready")}: {host.Status.Problem?.TrimEnd('.')}";
        return UnfitImage(shape, host) ?? UnfitCapabilities(shape, host) ?? (host.IsPriced ? UnfitPrice(shape, host) : null);
    }

    /// <summary>The architecture in the kernel's words: Debian and OCI say amd64 and arm64 for x86_64 and aarch64.</summary>
    public static string Kernel(string architecture) => architecture.ToLowerInvariant() switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        var other => other,
    };

    private static string? UnfitImage(PlacementShape shape, HostSnapshot host)
    {
        if (shape.Architecture is { } wanted && host.Status.Architecture is { } has && Kernel(wanted) != Kernel(has)) return $"is {has}, the image is for {wanted}";
        return shape.Firmware == Firmware.Uefi && !host.Capabilities.HasFlag(ProviderCapabilities.Uefi) ? "cannot boot UEFI images" : null;
    }

    private static string? UnfitCapabilities(PlacementShape shape, HostSnapshot host)
    {
        (bool Asked, ProviderCapabilities Needed, string Lack)[] demands =
        [
            (shape.Market == VmMarket.Spot, ProviderCapabilities.Spot, "no spot market"),
            (shape.MachineType is not null, ProviderCapabilities.MachineTypes, "no machine types"),
            (shape.Gpu > 0, ProviderCapabilities.MachineTypes, "no machines with GPUs"),
            (shape.OpensPorts, ProviderCapabilities.Firewall, "no firewall"),
            (shape.RemoveOnShutdown, ProviderCapabilities.RemoveOnShutdown, "no way to remove a VM when its guest shuts down"),
        ];
        foreach (var (asked, needed, lack) in demands)
            if (asked && !host.Capabilities.HasFlag(needed)) return $"has {lack} (capability {needed})";
        return null;
    }

    private static string? UnfitPrice(PlacementShape shape, HostSnapshot host)
    {
        var offers = host.OffersFor(shape);
        if (!shape.MaySpendOn(host.Definition.Name))
        {
            var price = offers.Count == 0 ? string.Empty : Invariant($", at {Money.Text(offers[0].HourlyPrice)} an hour for each VM ({offers[0].MachineType})");
            return $"costs money: AllowCloud, or naming the host exactly, would make it possible{price}";
        }

        if (host.OffersProblem is { } problem) return $"does not tell its prices: {problem.TrimEnd('.')}";
        if (offers.Count > 0) return null;
        if (host.Offers is [var cheapest, ..])
            return $"the cheapest machine that fits, {cheapest.MachineType}, costs {Money.Text(cheapest.HourlyPrice)} an hour, more than MaxHourlyPrice {Money.Text(shape.MaxHourlyPrice!.Value)}";
        var what = shape.MachineType is { } type ? $"machine of type '{type}' that fits" : "machine that fits";
        if (host.Definition.MaxHourlyCost is { } most) return $"has no {what} with a known price, without which its MaxHourlyCost {Money.Text(most)} cannot be kept";
        if (host.Definition.MaxVCpu is { } cpus) return Invariant($"has no {what} with a known price and size, without which its MaxVCpu {cpus} cannot be kept");
        return shape.MaxHourlyPrice is { } bound ? $"has no {what} with a known price, without which MaxHourlyPrice {Money.Text(bound)} cannot be kept" : null;
    }
}
