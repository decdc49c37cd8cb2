namespace StratusLab.Core;

/// <summary>The far end answered something that its protocol does not allow; the connection is closed.</summary>
public sealed class HostProtocolException : StratusException
{
    /// <summary>Creates the error.</summary>
    /// <param name="errorId">A stable identifier.</param>
    /// <param name="message">What was received and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public HostProtocolException(string errorId, string message, Exception? innerException = null)
        : base(errorId, StratusErrorKind.Protocol, message, innerException)
    {
    }
}
