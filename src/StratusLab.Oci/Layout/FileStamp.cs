using System.Globalization;
using System.Runtime.InteropServices;

namespace StratusLab.Oci;

/// <summary>What tells at a glance whether a file may have changed, as a line of text.</summary>
internal static class FileStamp
{
    // statx(2) and linux/stat.h; the layout is the same on every architecture.
    private const int CurrentFolder = -100;
    private const uint BasicStats = 0x7FF;

    /// <summary>The stamp of a file; null if it is not there.</summary>
    public static string? Of(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        var seen = string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");
        return OperatingSystem.IsLinux() ? $"{seen} {StatusOf(path)}" : string.Create(CultureInfo.InvariantCulture, $"{seen} {file.CreationTimeUtc.Ticks}");
    }

    // Unlike the time of the last write, that of the last change of status cannot be set back, and a file put in its place has another number.
    private static string StatusOf(string path)
    {
        try
        {
            return StatX(CurrentFolder, path, 0, BasicStats, out var status) == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{status.Inode} {status.ChangedSeconds}.{status.ChangedNanoseconds:D9}")
                : string.Empty;
        }
        catch (EntryPointNotFoundException)
        {
            return string.Empty;
        }
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, out Status status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;
    }
}
