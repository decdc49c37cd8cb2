using System.Collections;

namespace StratusLab.Libvirt;

/// <summary>Typed parameters in the server's order, with lookups by name.</summary>
public sealed class TypedParameterList : IReadOnlyList<TypedParameter>
{
    private readonly TypedParameter[] _items;

    internal TypedParameterList(TypedParameter[] items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public TypedParameter this[int index] => _items[index];

    /// <summary>Looks a parameter up by its name; the first one counts.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, out TypedParameter parameter)
    {
        foreach (ref readonly var item in _items.AsSpan())
        {
            if (string.Equals(item.Name, name, StringComparison.Ordinal))
            {
                parameter = item;
                return true;
            }
        }

        parameter = default;
        return false;
    }

    /// <summary>A number by name; <see langword="null"/> when there is none.</summary>
    public long? GetInt64(string name) => TryGet(name, out var item) ? item.AsInt64() : null;

    /// <summary>An unsigned number by name; <see langword="null"/> when there is none.</summary>
    public ulong? GetUInt64(string name) => TryGet(name, out var item) ? item.AsUInt64() : null;

    /// <summary>A floating-point number by name; <see langword="null"/> when there is none.</summary>
    public double? GetDouble(string name) => TryGet(name, out var item) ? item.AsDouble() : null;

    /// <summary>A text by name; <see langword="null"/> when there is none.</summary>
    public string? GetString(string name) => TryGet(name, out var item) ? item.AsString() : null;

    /// <inheritdoc/>
    public IEnumerator<TypedParameter> GetEnumerator() => ((IEnumerable<TypedParameter>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
