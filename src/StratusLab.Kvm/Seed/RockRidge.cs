using System.Text;

namespace StratusLab.Kvm;

/// <summary>The system use entries that give files their Unix names and permissions (Rock Ridge 1.09, "RRIP_1991A").</summary>
internal static class RockRidge
{
    private const int FolderMode = 0x416D; // 040555
    private const int FileMode = 0x8100; // 0100400: read by root only, since user data may hold secrets

    /// <summary>The entries of the root's own record: the protocol's mark, permissions, and where the extension is named.</summary>
    public static byte[] OfRoot(int continuationSector)
    {
        var continuation = new byte[28];
        Header("CE", continuation);
        IsoImage.Both32(continuation.AsSpan(4), continuationSector);
        IsoImage.Both32(continuation.AsSpan(20), ExtensionLength);
        return [.. "SP"u8, 7, 1, 0xBE, 0xEF, 0, .. Permissions(FolderMode, links: 2), .. continuation];
    }

    /// <summary>The entries of a folder.</summary>
    public static byte[] OfFolder() => Permissions(FolderMode, links: 2);

    /// <summary>The entries of a file.</summary>
    public static byte[] OfFile(string name) => [.. Permissions(FileMode, links: 1), .. "NM"u8, (byte)(5 + name.Length), 1, 0, .. Encoding.ASCII.GetBytes(name)];

    /// <summary>The entry that names the extension in use.</summary>
    public static void WriteExtensionReference(Span<byte> d)
    {
        ReadOnlySpan<byte> header = [.. "ER"u8, (byte)ExtensionLength, 1, (byte)ExtensionId.Length, (byte)ExtensionText.Length, 0, 1];
        header.CopyTo(d);
        ExtensionId.CopyTo(d[8..]);
        ExtensionText.CopyTo(d[(8 + ExtensionId.Length)..]);
    }

    private static ReadOnlySpan<byte> ExtensionId => "RRIP_1991A"u8;

    private static ReadOnlySpan<byte> ExtensionText => "ROCK RIDGE"u8;

    private static int ExtensionLength => 8 + ExtensionId.Length + ExtensionText.Length;

    private static byte[] Permissions(int mode, int links)
    {
        var entry = new byte[36];
        Header("PX", entry);
        IsoImage.Both32(entry.AsSpan(4), mode);
        IsoImage.Both32(entry.AsSpan(12), links);
        return entry;
    }

    private static void Header(string signature, Span<byte> entry)
    {
        Encoding.ASCII.GetBytes(signature, entry);
        entry[2] = (byte)entry.Length;
        entry[3] = 1;
    }
}
