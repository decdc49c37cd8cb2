namespace StratusLab.Libvirt;

/// <summary>A named value with a type of its own (<c>virTypedParameter</c>), libvirt's way to grow calls without new layouts.</summary>
public readonly record struct TypedParameter
{
    private readonly long _bits;
    private readonly string? _text;

    private TypedParameter(string name, TypedParameterType type, long bits, string? text) => (Name, Type, _bits, _text) = (name, type, bits, text);

    /// <summary>The name, such as <c>cpu.time</c>.</summary>
    public string Name { get; }

    /// <summary>The type of the value.</summary>
    public TypedParameterType Type { get; }

    /// <summary>Makes a 32-bit signed parameter.</summary>
    public static TypedParameter Int32(string name, int value) => new(name, TypedParameterType.Int32, value, null);

    /// <summary>Makes a 32-bit unsigned parameter.</summary>
    public static TypedParameter UInt32(string name, uint value) => new(name, TypedParameterType.UInt32, value, null);

    /// <summary>Makes a 64-bit signed parameter.</summary>
    public static TypedParameter Int64(string name, long value) => new(name, TypedParameterType.Int64, value, null);

    /// <summary>Makes a 64-bit unsigned parameter.</summary>
    public static TypedParameter UInt64(string name, ulong value) => new(name, TypedParameterType.UInt64, unchecked((long)value), null);

    /// <summary>Makes a floating-point parameter.</summary>
    public static TypedParameter Double(string name, double value) => new(name, TypedParameterType.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>Makes a truth value.</summary>
    public static TypedParameter Boolean(string name, bool value) => new(name, TypedParameterType.Boolean, value ? 1 : 0, null);

    /// <summary>Makes a text parameter.</summary>
    public static TypedParameter String(string name, string value) => new(name, TypedParameterType.String, 0, value);

    /// <summary>The value as a signed number; <see langword="null"/> when it is none or does not fit.</summary>
    public long? AsInt64() => Type switch
    {
        TypedParameterType.Int32 or TypedParameterType.UInt32 or TypedParameterType.Int64 or TypedParameterType.Boolean => _bits,
        TypedParameterType.UInt64 when _bits >= 0 => _bits,
        _ => null,
    };

    /// <summary>The value as an unsigned number; <see langword="null"/> when it is none or negative.</summary>
    public ulong? AsUInt64() => Type switch
    {
        TypedParameterType.UInt64 => unchecked((ulong)_bits),
        TypedParameterType.Int32 or TypedParameterType.UInt32 or TypedParameterType.Int64 or TypedParameterType.Boolean when _bits >= 0 => (ulong)_bits,
        _ => null,
    };

    /// <summary>The value as a floating-point number; <see langword="null"/> for texts.</summary>
    public double? AsDouble() => Type == TypedParameterType.Double ? BitConverter.Int64BitsToDouble(_bits) : AsUInt64() ?? (double?)AsInt64();

    /// <summary>The value as text; <see langword="null"/> when it is not one.</summary>
    public string? AsString() => _text;

    internal long Bits => _bits;
}
