using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are about networks.</summary>
internal static class NetworkCodec
{
    private const int MinimumSize = 20;
    private const int MinimumLeaseSize = 40;

    public static XdrWriter Network(this XdrWriter writer, NetworkRef network) => writer.String(network.Name).Uuid(network.Uuid);

    public static NetworkRef Read(ref XdrReader reader) => new(reader.ReadString(), reader.ReadUuid());

    public static IReadOnlyList<NetworkRef> ReadAll(ref XdrReader reader)
    {
        var networks = reader.ReadList(ProtocolLimits.NetworkListMax, MinimumSize, Read);
        reader.ReadUInt32();
        return networks;
    }

    public static IReadOnlyList<DhcpLease> ReadLeases(ref XdrReader reader)
    {
        var leases = reader.ReadList(ProtocolLimits.DhcpLeasesMax, MinimumLeaseSize, ReadLease);
        reader.ReadUInt32();
        return leases;
    }

    private static DhcpLease ReadLease(ref XdrReader reader) => new(
        reader.ReadString(),
        ReadExpiry(ref reader),
        (IPAddressKind)reader.ReadInt32(),
        reader.ReadOptionalString(),
        reader.ReadOptionalString(),
        reader.ReadString(),
        (int)Math.Min(reader.ReadUInt32(), int.MaxValue),
        reader.ReadOptionalString(),
        reader.ReadOptionalString());

    private static DateTimeOffset? ReadExpiry(ref XdrReader reader)
    {
        var seconds = reader.ReadInt64();
        if (seconds is 0)
            return null;
        return seconds > 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : reader.Fail<DateTimeOffset?>($"a lease that ends {seconds} seconds after 1970");
    }
}
