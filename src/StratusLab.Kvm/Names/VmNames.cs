using System.Security.Cryptography;

namespace StratusLab.Kvm;

/// <summary>All names that belong to one VM. They follow from its request, so that any process can find or remove what another made.</summary>
/// <param name="Uuid">The domain's UUID.</param>
internal readonly record struct VmNames(Guid Uuid)
{
    private const string Prefix = "stratus-";

    private static readonly Guid Space = new("5c6f7d52-9a1e-4b0e-9d0b-3f0d5e8a7c11");

    /// <summary>The system disk: a qcow2 overlay.</summary>
    public string Disk => $"{Prefix}{Uuid:D}.qcow2";

    /// <summary>The NoCloud seed.</summary>
    public string Seed => $"{Prefix}{Uuid:D}-seed.img";

    /// <summary>What the guest wrote to its serial console.</summary>
    public string ConsoleLog => $"{Prefix}{Uuid:D}.log";

    /// <summary>The VM's key at its host.</summary>
    public string Key => Uuid.ToString("D");

    /// <summary>All volumes that creation makes.</summary>
    public IReadOnlyList<string> Volumes => [Disk, Seed, ConsoleLog];

    /// <summary>The names of the VM that a request makes.</summary>
    public static VmNames Of(Guid requestId) => new(NameBasedGuid.Create(Space, requestId.ToString("D")));

    /// <summary>Whether a volume is one of this VM's: one that creation made, or an older part of the console log (<c>.log.0</c> and so on).</summary>
    public bool Owns(string volume) =>
        string.Equals(volume, Disk, StringComparison.Ordinal)
        || string.Equals(volume, Seed, StringComparison.Ordinal)
        || string.Equals(volume, ConsoleLog, StringComparison.Ordinal)
        || IsRotatedLog(volume);

    /// <summary>The MAC address of the VM's n-th interface: locally administered, with 40 bits of hash, so that thousands of VMs on one network do not collide.</summary>
    public string HardwareAddress(int index)
    {
        Span<byte> input = stackalloc byte[20];
        Uuid.TryWriteBytes(input, bigEndian: true, out _);
        BitConverter.TryWriteBytes(input[16..], BitConverter.IsLittleEndian ? index : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(index));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return $"52:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}:{hash[3]:x2}:{hash[4]:x2}";
    }

    private bool IsRotatedLog(string volume) =>
        volume.StartsWith(ConsoleLog, StringComparison.Ordinal)
        && volume.Length > ConsoleLog.Length + 1
        && volume[ConsoleLog.Length] == '.'
        && !volume.AsSpan(ConsoleLog.Length + 1).ContainsAnyExceptInRange('0', '9');
}
