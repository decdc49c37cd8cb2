namespace StratusLab.Core;

/// <summary>Input that cannot be used: a name, a URI, a file. Nothing was changed.</summary>
public sealed class InvalidInputException : StratusException
{
    /// <summary>Creates the error.</summary>
    /// <param name="errorId">A stable identifier.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    /// <param name="field">The field or parameter.</param>
    /// <param name="innerException">The cause.</param>
    public InvalidInputException(string errorId, string message, string? field = null, Exception? innerException = null)
        : base(errorId, StratusErrorKind.InvalidInput, message, innerException) => Field = field;

    /// <summary>The field or parameter that is wrong.</summary>
    public string? Field { get; }

    /// <summary>The line, counted from 1, where the input is a text.</summary>
    public int? Line { get; init; }
}
