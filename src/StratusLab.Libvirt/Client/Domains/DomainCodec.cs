using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are about domains.</summary>
internal static class DomainCodec
{
    /// <summary>An empty name, a UUID and an id.</summary>
    public const int MinimumSize = 24;

    public static XdrWriter Domain(this XdrWriter writer, DomainRef domain) => writer.String(domain.Name).Uuid(domain.Uuid).Int32(domain.Id);

    public static DomainRef Read(ref XdrReader reader) => new(reader.ReadString(), reader.ReadUuid(), reader.ReadInt32());

    public static IReadOnlyList<DomainRef> ReadAll(ref XdrReader reader)
    {
        var domains = reader.ReadList(ProtocolLimits.DomainListMax, MinimumSize, Read);
        reader.ReadUInt32();
        return domains;
    }

    public static DomainStatus ReadStatus(ref XdrReader reader) => new((DomainState)reader.ReadInt32(), reader.ReadInt32());

    public static DomainInfo ReadInfo(ref XdrReader reader)
    {
        // XDR has nothing smaller than four bytes: the state is a char and the CPUs are a short.
        var state = (DomainState)reader.ReadUInt32();
        return new DomainInfo(state, reader.ReadUInt64(), reader.ReadUInt64(), (ushort)reader.ReadUInt32(), reader.ReadUInt64());
    }

    public static IReadOnlyList<DomainStatistics> ReadStatistics(ref XdrReader reader)
    {
        var names = new ParameterCodec.NameCache();
        var count = reader.ReadCount(ProtocolLimits.DomainListMax, MinimumSize + 4);
        var result = new DomainStatistics[count];
        for (var i = 0; i < result.Length; i++)
            result[i] = new DomainStatistics(Read(ref reader), ParameterCodec.ReadList(ref reader, ProtocolLimits.DomainStatsMax, names));
        return result;
    }

    public static IReadOnlyList<DomainInterface> ReadInterfaces(ref XdrReader reader) =>
        reader.ReadList(ProtocolLimits.DomainInterfaceMax, 12, ReadInterface);

    public static BlockJobInfo? ReadBlockJob(ref XdrReader reader)
    {
        var found = reader.ReadTruth();
        var job = new BlockJobInfo((BlockJobType)reader.ReadInt32(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
        return found ? job : null;
    }

    public static BlockInfo ReadBlockInfo(ref XdrReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());

    private static DomainInterface ReadInterface(ref XdrReader reader) =>
        new(reader.ReadString(), reader.ReadOptionalString(), reader.ReadList(ProtocolLimits.DomainIPAddressMax, 12, ReadAddress));

    private static DomainIPAddress ReadAddress(ref XdrReader reader) =>
        new((IPAddressKind)reader.ReadInt32(), reader.ReadString(), (int)Math.Min(reader.ReadUInt32(), int.MaxValue));
}
