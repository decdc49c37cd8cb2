using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>An image of the local store that cannot be read.</summary>
/// <param name="Entry">What the index says of it.</param>
/// <param name="Cause">What is wrong with it.</param>
internal sealed record DamagedImage(OciDescriptor Entry, Exception Cause)
{
    private string Name => Entry.Annotations?.GetValueOrDefault(OciAnnotations.RefName) ?? Entry.Digest.ToString();

    /// <summary>Whether it may be the one that somebody asks for.</summary>
    public bool Answers(string reference) =>
        reference == Name || reference == Entry.Digest.ToString() || Name.StartsWith($"{reference}:", StringComparison.Ordinal);

    public StratusException ToError() => new(
        "ImageDamaged",
        StratusErrorKind.InvalidState,
        $"Image '{ImageReference.Printable(Name)}' of the local store is damaged: {Cause.Message.TrimEnd('.')}. Publish or receive it again.",
        Cause) { Resource = Name };
}
