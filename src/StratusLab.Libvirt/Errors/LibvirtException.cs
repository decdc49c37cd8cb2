namespace StratusLab.Libvirt;

/// <summary>
/// Base of the three ways a libvirt call fails: the server said no (<see cref="LibvirtServerException"/>), the connection
/// failed (<see cref="LibvirtConnectionException"/>), the peer broke the protocol (<see cref="LibvirtProtocolException"/>).
/// Misuse by the caller is an <see cref="ArgumentException"/> or an <see cref="ObjectDisposedException"/>.
/// </summary>
public abstract class LibvirtException : Exception
{
    private protected LibvirtException(string message, RequestState requestState, Exception? innerException)
        : base(message, innerException) => RequestState = requestState;

    /// <summary>Whether the request that failed had left this process.</summary>
    public RequestState RequestState { get; }
}
