using System.Buffers.Binary;

namespace StratusLab.Libvirt.Tests.Fuzzing;

/// <summary>Breaks messages in the ways that decoders fall over.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly uint[] Interesting =
        [0, 1, 2, 3, 7, 16, 24, 28, 255, 1_024, 16_384, 16_385, 65_536, 262_144, 4_194_304, 4_194_305, 33_554_432, 33_554_437, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

    private readonly Random _random = new(seed);

    public int Next(int limit) => _random.Next(limit);

    /// <summary>A broken copy; now and then an unbroken one.</summary>
    public byte[] Mutate(byte[] message)
    {
        var result = (byte[])message.Clone();
        for (var changes = _random.Next(4); changes > 0 && result.Length > 0; changes--)
            result = Change(result);

        // Mostly the length is made right again, so that the payload's decoder sees the change.
        if (result.Length >= 4 && _random.Next(8) > 0)
            BinaryPrimitives.WriteInt32BigEndian(result, result.Length);
        return result;
    }

    private byte[] Change(byte[] bytes)
    {
        // The header has its turn, but the payload holds most of what can go wrong.
        var floor = bytes.Length > 32 && _random.Next(5) > 0 ? 28 : 0;
        var place = floor + _random.Next(Math.Max(1, bytes.Length - floor));
        switch (_random.Next(7))
        {
            case 0:
                bytes[Math.Min(place, bytes.Length - 1)] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[Math.Min(place, bytes.Length - 1)] = (byte)_random.Next(256);
                return bytes;
            case 2:
                return bytes[..place];
            case 3:
                var more = new byte[_random.Next(64)];
                _random.NextBytes(more);
                return [.. bytes[..place], .. more, .. bytes[place..]];
            case 4:
                var length = Math.Min(_random.Next(16) * 4, bytes.Length - place);
                return [.. bytes[..place], .. bytes[(place + Math.Max(0, length))..]];
            default:
                var word = place / 4 * 4;
                if (word + 4 <= bytes.Length)
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(word), Interesting[_random.Next(Interesting.Length)]);
                return bytes;
        }
    }
}
