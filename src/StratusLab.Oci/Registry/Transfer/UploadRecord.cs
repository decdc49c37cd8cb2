using System.Security.Cryptography;
using System.Text;

namespace StratusLab.Oci;

/// <summary>Remembers where an upload goes on, for the case that this process ends in the middle of it. Held by one process at a time.</summary>
internal sealed class UploadRecord : IDisposable
{
    private const int MaxLocation = 16 << 10;

    private readonly FileStream _file;
    private bool _isDone;

    private UploadRecord(FileStream file) => _file = file;

    /// <summary>The address that the registry gave for this upload; null for none.</summary>
    public string? Location { get; private set; }

    /// <summary>
    /// Where records are kept for all processes of the user on this machine, whichever layout they send from: what goes to one place goes there once
    /// (XDG Base Directory Specification: <c>$XDG_CACHE_HOME</c>, else <c>~/.cache</c>).
    /// </summary>
    public static string UsualFolder
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The specification says that a relative path is invalid and to be ignored.
            if (string.IsNullOrEmpty(cache) || !Path.IsPathFullyQualified(cache))
            {
                cache = OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }

            return Path.Combine(cache, "stratuslab", "uploads");
        }
    }

    /// <summary>Opens the record of one content's way to one repository; null while another process has it.</summary>
    public static UploadRecord? TryOpen(string folder, string registry, string repository, OciDigest digest)
    {
        // Whoever has the address can write to the upload.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{registry}/{repository}@{digest}")));
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (FileHold.TryOpen(Path.Combine(folder, name), options) is not { } file) return null;
        var bytes = new byte[(int)Math.Min(file.Length, MaxLocation)];
        var count = RandomAccess.Read(file.SafeFileHandle, bytes, 0);
        return new UploadRecord(file) { Location = count > 0 ? Encoding.UTF8.GetString(bytes, 0, count).TrimEnd() : null };
    }

    /// <summary>Notes where the upload goes on; null where it must begin anew.</summary>
    public void Note(string? location)
    {
        Location = location;
        // A shorter one after a longer one leaves no end of the longer one behind, at no moment.
        var bytes = Encoding.UTF8.GetBytes((location ?? string.Empty).PadRight((int)Math.Min(_file.Length, MaxLocation)));
        RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
    }

    /// <summary>The upload is over: nothing is left to remember.</summary>
    public void Done() => _isDone = true;

    public void Dispose()
    {
        if (_isDone) File.Delete(_file.Name);
        _file.Dispose();
    }
}
