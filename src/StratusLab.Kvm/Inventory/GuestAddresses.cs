using System.Net;
using System.Net.Sockets;

namespace StratusLab.Kvm;

/// <summary>Picks the addresses by which a guest can be reached out of what a source told.</summary>
internal static class GuestAddresses
{
    /// <summary>Without loopback, link-local and unspecified ones, each once, IPv4 first.</summary>
    public static IReadOnlyList<IPAddress> Select(IEnumerable<string> texts)
    {
        List<IPAddress>? usable = null;
        foreach (var text in texts)
        {
            if (!IPAddress.TryParse(text, out var address) || !IsUsable(address)) continue;
            usable ??= [];
            if (!usable.Contains(address)) usable.Add(address);
        }

        return usable is null ? [] : usable.Count == 1 ? usable : [.. usable.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)];
    }

    private static bool IsUsable(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return !address.IsIPv6LinkLocal && !address.IsIPv6Multicast;
        var bytes = address.GetAddressBytes();
        return bytes is not [169, 254, ..];
    }
}
