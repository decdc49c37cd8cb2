using System.Buffers;
using System.Security.Cryptography;

namespace StratusLab.Kvm;

/// <summary>
/// The volumes that one attempt at creating a VM makes. Each attempt has names of its own, which tell the VM, so that two callers
/// with the same request never touch each other's volumes and any process can find what an attempt left.
/// </summary>
/// <param name="Vm">The UUID of the domain.</param>
/// <param name="Attempt">Tells the attempt: 8 lower-case hexadecimal digits.</param>
internal readonly record struct VolumeNames(Guid Vm, string Attempt)
{
    private const string Prefix = "stratus-";
    private const int UuidLength = 36;
    private const int AttemptLength = 8;
    private const int AttemptAt = 8 + UuidLength + 1;
    private const string DiskSuffix = ".qcow2";
    private const string SeedSuffix = "-seed.img";
    private const string LogSuffix = ".log";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The system disk: a qcow2 overlay.</summary>
    public string Disk => Stem + DiskSuffix;

    /// <summary>The NoCloud seed.</summary>
    public string Seed => Stem + SeedSuffix;

    /// <summary>What the guest wrote to its serial console.</summary>
    public string ConsoleLog => Stem + LogSuffix;

    /// <summary>All volumes that creation makes.</summary>
    public IReadOnlyList<string> All => [Disk, Seed, ConsoleLog];

    private string Stem => $"{Prefix}{Vm:D}-{Attempt}";

    /// <summary>The names for a new attempt.</summary>
    public static VolumeNames New(Guid vm) => new(vm, RandomNumberGenerator.GetHexString(AttemptLength, lowercase: true));

    /// <summary>The attempt that made a volume; null for a volume that is no VM's.</summary>
    public static VolumeNames? Of(string volume)
    {
        if (volume.Length <= AttemptAt + AttemptLength || !volume.StartsWith(Prefix, StringComparison.Ordinal) || volume[AttemptAt - 1] != '-') return null;
        if (!Guid.TryParseExact(volume.AsSpan(Prefix.Length, UuidLength), "D", out var vm)) return null;
        var attempt = volume.AsSpan(AttemptAt, AttemptLength);
        if (attempt.ContainsAnyExcept(HexDigits)) return null;
        var names = new VolumeNames(vm, attempt.ToString());
        return names.Owns(volume) ? names : null;
    }

    /// <summary>Whether a volume is one of these, or an older part of the console log (<c>.log.0</c> and so on).</summary>
    public bool Owns(string volume) =>
        string.Equals(volume, Disk, StringComparison.Ordinal)
        || string.Equals(volume, Seed, StringComparison.Ordinal)
        || string.Equals(volume, ConsoleLog, StringComparison.Ordinal)
        || IsRotatedLog(volume);

    private bool IsRotatedLog(string volume) =>
        volume.StartsWith(ConsoleLog, StringComparison.Ordinal)
        && volume.Length > ConsoleLog.Length + 1
        && volume[ConsoleLog.Length] == '.'
        && !volume.AsSpan(ConsoleLog.Length + 1).ContainsAnyExceptInRange('0', '9');
}
