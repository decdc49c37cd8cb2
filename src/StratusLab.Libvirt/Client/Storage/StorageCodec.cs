using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are about storage.</summary>
internal static class StorageCodec
{
    private const int MinimumPoolSize = 20;
    private const int MinimumVolumeSize = 12;

    public static XdrWriter Pool(this XdrWriter writer, StoragePoolRef pool) => writer.String(pool.Name).Uuid(pool.Uuid);

    public static XdrWriter Volume(this XdrWriter writer, StorageVolumeRef volume) => writer.String(volume.Pool).String(volume.Name).String(volume.Key);

    public static StoragePoolRef ReadPool(ref XdrReader reader) => new(reader.ReadString(), reader.ReadUuid());

    public static IReadOnlyList<StoragePoolRef> ReadPools(ref XdrReader reader)
    {
        var pools = reader.ReadList(ProtocolLimits.StoragePoolListMax, MinimumPoolSize, ReadPool);
        reader.ReadUInt32();
        return pools;
    }

    public static StoragePoolInfo ReadPoolInfo(ref XdrReader reader) =>
        new((StoragePoolState)reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());

    public static StorageVolumeRef ReadVolume(ref XdrReader reader) => new(reader.ReadString(), reader.ReadString(), reader.ReadString());

    public static IReadOnlyList<StorageVolumeRef> ReadVolumes(ref XdrReader reader)
    {
        var volumes = reader.ReadList(ProtocolLimits.StorageVolumeListMax, MinimumVolumeSize, ReadVolume);
        reader.ReadUInt32();
        return volumes;
    }

    public static StorageVolumeInfo ReadVolumeInfo(ref XdrReader reader) =>
        new((StorageVolumeType)reader.ReadInt32(), reader.ReadUInt64(), reader.ReadUInt64());
}
