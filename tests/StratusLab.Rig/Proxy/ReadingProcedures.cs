using System.Collections.Frozen;

namespace StratusLab.Rig.Proxy;

/// <summary>
/// The procedures of the remote program that only read (libvirt, src/remote/remote_protocol.x). Every other one counts as
/// changing something, so that a new call is suspected until it is listed here.
/// </summary>
public static class ReadingProcedures
{
    private static readonly FrozenSet<int> Numbers = new[]
    {
        1, 2, 4, 6, 7, // open, close, version, node info, capabilities
        14, 15, 16, 23, 24, // domain XML, autostart, info, lookups
        43, 45, 46, 47, // network XML, bridge, lookups
        59, 60, 66, 67, 68, 69, 70, // host name, features, authentication
        83, 84, 85, 87, 88, // pool refresh (the daemon reads its folder again), lookups, info, XML
        95, 96, 97, 98, 99, 100, // volume lookups, info, XML, path
        102, 110, 151, 152, 157, // free memory, URI, domain persistent, network active, library version
        186, 189, 194, 201, 209, 212, 228, 238, // snapshot XML and lookup, block info, console, download, state, memory, block job
        265, 273, 274, 281, 282, 283, 298, // metadata, lists, job statistics
        316, 317, 341, 342, 344, 353, // event registration, leases, domain capabilities, statistics, addresses
    }.ToFrozenSet();

    /// <summary>Whether a call changes nothing on the host.</summary>
    public static bool Contains(int procedure) => Numbers.Contains(procedure);
}
