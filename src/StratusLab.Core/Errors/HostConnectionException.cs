namespace StratusLab.Core;

/// <summary>The host could not be reached, or the connection to it broke.</summary>
public sealed class HostConnectionException : StratusException
{
    /// <summary>Creates the error; it is transient.</summary>
    /// <param name="errorId">A stable identifier.</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="requestState">How far the request got.</param>
    /// <param name="innerException">The cause.</param>
    public HostConnectionException(string errorId, string message, RequestState requestState, Exception? innerException = null)
        : base(errorId, StratusErrorKind.Connection, message, innerException)
    {
        RequestState = requestState;
        IsTransient = true;
    }

    /// <summary>How far the request got.</summary>
    public RequestState RequestState { get; }
}
