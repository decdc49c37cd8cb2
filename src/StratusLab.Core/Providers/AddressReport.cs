using System.Net;

namespace StratusLab.Core;

/// <summary>What is known of a VM's addresses, and by whom.</summary>
/// <param name="Addresses">Addresses without loopback and link-local ones, IPv4 first.</param>
/// <param name="Missing">A sentence per source that knew none, such as <c>no DHCP lease on network 'default' for 52:54:00:…</c>.</param>
public sealed record AddressReport(IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Missing);
