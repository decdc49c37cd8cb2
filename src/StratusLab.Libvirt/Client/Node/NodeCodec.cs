using System.Text;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are about the host.</summary>
internal static class NodeCodec
{
    private const int ModelLength = 32;
    private const int MinimumStatisticSize = 12;

    public static NodeInfo ReadInfo(ref XdrReader reader) => new(
        ReadModel(ref reader),
        reader.ReadUInt64(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32(),
        reader.ReadInt32());

    public static (int Count, NodeMemoryStatistics Statistics) ReadMemory(ref XdrReader reader)
    {
        var values = reader.ReadList(ProtocolLimits.MemoryStatsMax, MinimumStatisticSize, static (ref r) => (Name: r.ReadString(), Value: r.ReadUInt64()));
        return (reader.ReadInt32(), new NodeMemoryStatistics(Find("total"), Find("free"), Find("buffers"), Find("cached")));

        ulong? Find(string name) => Array.Find(values, v => v.Name == name) is { Name: not null } found ? found.Value : null;
    }

    /// <summary>An array of chars, each of which XDR makes four bytes.</summary>
    private static string ReadModel(ref XdrReader reader)
    {
        Span<byte> bytes = stackalloc byte[ModelLength];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)reader.ReadInt32();
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
