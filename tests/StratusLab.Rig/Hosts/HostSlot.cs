using System.Globalization;

namespace StratusLab.Rig.Hosts;

/// <summary>
/// A number that no other host of the rig on this machine has, and what follows from it: folder, link and addresses.
/// Held by a file lock, which the kernel frees however the process ends.
/// </summary>
internal sealed class HostSlot : IDisposable
{
    private const int Slots = 100;
    private readonly FileStream _lock;

    private HostSlot(int number, string folder, FileStream @lock)
    {
        Number = number;
        Folder = folder;
        _lock = @lock;
    }

    public int Number { get; }

    /// <summary>Short, since a unix socket's path has at most 107 bytes.</summary>
    public string Folder { get; }

    public string Link => Text($"slrig{Number}");

    /// <summary>198.18.0.0/15 is set aside for test networks (RFC 2544).</summary>
    public string OutsideAddress => Text($"198.18.{Number}.1");

    public string HostAddress => Text($"198.18.{Number}.2");

    public string GuestPrefix => Text($"198.19.{Number}");

    /// <summary>Two addresses of a link between this host and the one with a higher number.</summary>
    public (string Mine, string Theirs) LinkTo(HostSlot other) =>
        (Text($"198.18.{Number}.{100 + (other.Number - Number) % 50 * 2}"), Text($"198.18.{Number}.{101 + (other.Number - Number) % 50 * 2}"));

    public static HostSlot Take()
    {
        var root = Path.Combine(Path.GetTempPath(), "stratuslab-rig");
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        for (var number = 0; number < Slots; number++)
        {
            var folder = Path.Combine(root, number.ToString(CultureInfo.InvariantCulture));
            try
            {
                var file = new FileStream(folder + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                // A run that was killed left its folder; its processes and mounts went with its namespaces.
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
                return new(number, folder, file);
            }
            catch (IOException)
            {
                // In use by another run.
            }
        }
        throw new InvalidOperationException($"All {Slots} places for hosts under {root} are in use.");
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        _lock.Dispose();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
