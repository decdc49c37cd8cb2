namespace StratusLab.Rig.Registries;

/// <summary>What goes wrong with one request. Numbers of bytes count the body.</summary>
public sealed record RegistryFault
{
    /// <summary>The connection breaks when this many bytes of the request have gone to the registry.</summary>
    public long? CutRequestAt { get; init; }

    /// <summary>The connection breaks when this many bytes of the answer have come back.</summary>
    public long? CutResponseAt { get; init; }

    /// <summary>Nothing more comes after this many bytes of the answer, and the connection stays.</summary>
    public long? StallResponseAt { get; init; }

    /// <summary>This byte of the answer is another.</summary>
    public long? FlipResponseAt { get; init; }

    /// <summary>The registry does what was asked and the answer is lost.</summary>
    public bool LoseAnswer { get; init; }

    /// <summary>The registry is not asked; this is the answer, from the status on: <c>429 Too Many Requests\r\nRetry-After: 1\r\n\r\nbody</c>.</summary>
    public string? Answer { get; init; }

    /// <summary>Changes the head of the registry's answer.</summary>
    public Func<string, string>? ChangeHead { get; init; }

    /// <summary>The registry does not hear that only a range is asked for.</summary>
    public bool HideRange { get; init; }

    /// <summary>The registry is asked for this instead.</summary>
    public string? Target { get; init; }
}
