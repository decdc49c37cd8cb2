using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are about snapshots.</summary>
internal static class SnapshotCodec
{
    public static XdrWriter Snapshot(this XdrWriter writer, DomainSnapshotRef snapshot) => writer.String(snapshot.Name).Domain(snapshot.Domain);

    public static DomainSnapshotRef Read(ref XdrReader reader) => new(reader.ReadString(), DomainCodec.Read(ref reader));

    public static IReadOnlyList<DomainSnapshotRef> ReadAll(ref XdrReader reader)
    {
        var snapshots = reader.ReadList(ProtocolLimits.SnapshotListMax, DomainCodec.MinimumSize + 4, Read);
        reader.ReadInt32();
        return snapshots;
    }
}
