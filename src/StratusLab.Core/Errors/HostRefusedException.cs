namespace StratusLab.Core;

/// <summary>The host answered, and the answer was no.</summary>
public sealed class HostRefusedException : StratusException
{
    /// <summary>Creates the error.</summary>
    /// <param name="errorId">A stable identifier.</param>
    /// <param name="kind">What sort of failure it is.</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="code">The host's own code.</param>
    /// <param name="innerException">The cause.</param>
    public HostRefusedException(string errorId, StratusErrorKind kind, string message, string code, Exception? innerException = null)
        : base(errorId, kind, message, innerException) => Code = code;

    /// <summary>The host's own code, such as libvirt's error number or an EC2 error code.</summary>
    public string Code { get; }

    /// <summary>The host's own words.</summary>
    public string? HostMessage { get; init; }
}
