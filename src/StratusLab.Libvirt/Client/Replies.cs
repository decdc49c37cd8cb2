using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Replies that are one plain value.</summary>
internal static class Replies
{
    public static string String(ref XdrReader reader) => reader.ReadString();

    public static string? OptionalString(ref XdrReader reader) => reader.ReadOptionalString();

    public static bool Truth(ref XdrReader reader) => reader.ReadTruth();

    public static int Int32(ref XdrReader reader) => reader.ReadInt32();

    public static ulong UInt64(ref XdrReader reader) => reader.ReadUInt64();
}
