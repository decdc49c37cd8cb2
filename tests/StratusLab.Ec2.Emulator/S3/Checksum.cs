using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>One of the checksums of S3 ("Checking object integrity", Amazon S3 user guide), computed as the bytes go by.</summary>
internal sealed class Checksum : IDisposable
{
    private readonly IncrementalHash? _hash;
    private readonly ulong[]? _table;
    private readonly int _bytes;
    private ulong _crc;

    private Checksum(IncrementalHash hash) => _hash = hash;

    private Checksum(ulong polynomial, int bytes)
    {
        _bytes = bytes;
        _crc = bytes == 8 ? ulong.MaxValue : uint.MaxValue;
        _table = new ulong[256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            _table[value] = crc;
        }
    }

    /// <summary>The checksum of a header or trailer such as <c>x-amz-checksum-crc32</c>; null for what is none.</summary>
    public static Checksum? Of(string header) => header.ToLowerInvariant() switch
    {
        "x-amz-checksum-sha256" => new Checksum(IncrementalHash.CreateHash(HashAlgorithmName.SHA256)),
        "x-amz-checksum-sha1" => new Checksum(IncrementalHash.CreateHash(HashAlgorithmName.SHA1)),
        "content-md5" => new Checksum(IncrementalHash.CreateHash(HashAlgorithmName.MD5)),
        "x-amz-checksum-crc32" => new Checksum(0xEDB88320, 4),
        "x-amz-checksum-crc32c" => new Checksum(0x82F63B78, 4),
        "x-amz-checksum-crc64nvme" => new Checksum(0x9A6C9329AC4BC9B5, 8),
        _ => null,
    };

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash?.AppendData(bytes);
        if (_table is null) return;
        foreach (var value in bytes) _crc = _table[(_crc ^ value) & 255] ^ (_crc >> 8);
    }

    /// <summary>The checksum in base64; to be asked once.</summary>
    public string Value()
    {
        if (_hash is not null) return Convert.ToBase64String(_hash.GetHashAndReset());
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ~_crc);
        return Convert.ToBase64String(bytes[(8 - _bytes)..]);
    }

    public void Dispose() => _hash?.Dispose();
}
