namespace StratusLab.Libvirt;

/// <summary>The connection could not be made, was refused by this side, or ended before the answer came.</summary>
public sealed class LibvirtConnectionException : LibvirtException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, where, and what to do about it.</param>
    /// <param name="requestState">Whether the request had left this process.</param>
    /// <param name="innerException">The transport's own failure, if any.</param>
    public LibvirtConnectionException(string message, RequestState requestState = RequestState.NotSent, Exception? innerException = null)
        : base(message, requestState, innerException)
    {
    }
}
