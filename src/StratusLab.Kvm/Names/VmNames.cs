using System.Security.Cryptography;

namespace StratusLab.Kvm;

/// <summary>What identifies one VM. It follows from its request, so that any process can find what another made.</summary>
/// <param name="Uuid">The domain's UUID.</param>
internal readonly record struct VmNames(Guid Uuid)
{
    private static readonly Guid Space = new("5c6f7d52-9a1e-4b0e-9d0b-3f0d5e8a7c11");

    /// <summary>The VM's key at its host.</summary>
    public string Key => Uuid.ToString("D");

    /// <summary>The names of the VM that a request makes.</summary>
    public static VmNames Of(Guid requestId) => new(NameBasedGuid.Create(Space, requestId.ToString("D")));

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
}
