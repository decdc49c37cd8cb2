namespace StratusLab.Core;

/// <summary>Which of a host's own images is meant. All that is given must hold.</summary>
public sealed record NativeImageQuery
{
    /// <summary>The host's identity of it.</summary>
    public string? Id { get; init; }

    /// <summary>Its name there, with <c>*</c> and <c>?</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Who publishes it there, in the host's words.</summary>
    public string? Owner { get; init; }

    /// <summary>CPU architecture in the kernel's words.</summary>
    public string? Architecture { get; init; }
}
