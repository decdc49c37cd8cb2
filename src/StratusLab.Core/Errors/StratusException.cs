namespace StratusLab.Core;

/// <summary>A failure of StratusLab or of what it drives. Misuse of the API is an <see cref="ArgumentException"/> instead.</summary>
public class StratusException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="errorId">A stable identifier in Pascal case, such as <c>VmNotFound</c>.</param>
    /// <param name="kind">What sort of failure it is.</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public StratusException(string errorId, StratusErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
    }

    /// <summary>A stable identifier that scripts can rely on.</summary>
    public string ErrorId { get; }

    /// <summary>What sort of failure it is.</summary>
    public StratusErrorKind Kind { get; }

    /// <summary>Whether the same request may succeed later, unchanged.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The host, VM, image or file concerned.</summary>
    public string? Resource { get; init; }
}
