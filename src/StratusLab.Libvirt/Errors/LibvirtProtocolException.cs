namespace StratusLab.Libvirt;

/// <summary>The peer sent something that libvirt's protocol does not allow. The connection ends with it.</summary>
public sealed class LibvirtProtocolException : LibvirtException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which part of the protocol was broken, and how.</param>
    /// <param name="requestState">Whether the request that this failure belongs to had left this process.</param>
    /// <param name="innerException">The first failure, when this one reports it for another call.</param>
    public LibvirtProtocolException(string message, RequestState requestState = RequestState.Sent, Exception? innerException = null)
        : base(message, requestState, innerException)
    {
    }
}
