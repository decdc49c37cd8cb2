using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What an image may refer to in place of a disk.</summary>
internal static class HostImageValidation
{
    private const int MaxCount = 200;
    private const int MaxText = 128;

    /// <summary>Passes what can be used.</summary>
    /// <exception cref="InvalidInputException">There is nothing, too much, or a text that is none.</exception>
    public static void Validate(IReadOnlyDictionary<string, string>? images)
    {
        if (images is not { Count: > 0 and <= MaxCount }) throw Bad($"it must refer to 1 to {MaxCount} images of hosts");
        foreach (var (place, id) in images)
        {
            if (!IsWord(place) || !IsWord(id)) throw Bad($"'{ImageReference.Printable(place)}' with '{ImageReference.Printable(id)}' is no place and identity of an image: both have 1 to {MaxText} letters, digits and '-._:/'");
        }
    }

    /// <summary>Whether both refer to the same images.</summary>
    public static bool AreSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        one is null || other is null ? ReferenceEquals(one, other) : one.Count == other.Count && one.All(pair => other.GetValueOrDefault(pair.Key) == pair.Value);

    private static bool IsWord(string? text) => text is { Length: > 0 and <= MaxText } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':' or '/');

    private static InvalidInputException Bad(string why) => new("InvalidHostImages", $"The image has no disk, and {why}.", "HostImages");
}
