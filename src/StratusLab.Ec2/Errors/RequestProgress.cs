using System.Net.Sockets;
using Amazon.Runtime;
using StratusLab.Core;

namespace StratusLab.Ec2.Errors;

/// <summary>Tells from an attempt's failure how far its request got.</summary>
internal static class RequestProgress
{
    public static RequestState Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                // An answer means that it arrived.
                case AmazonServiceException answered when answered.IsAnswer():
                case Wire.ReplyLostException or Wire.ReplyRejectedException:
                    return RequestState.Sent;
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }:
                    return RequestState.NotSent;
                case HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError }:
                    return RequestState.Sent;
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.HostUnreachable or SocketError.NetworkUnreachable }:
                    return RequestState.NotSent;
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted }:
                    return RequestState.Sent;
                // Thrown by the runtime itself before it has anything to send: no credentials, no endpoint.
                case AmazonClientException:
                    return RequestState.NotSent;
            }
        }

        return RequestState.Unknown;
    }

    /// <summary>Whether the far end said it; the runtime uses the same exception for failures of its own.</summary>
    public static bool IsAnswer(this AmazonServiceException error) => (int)error.StatusCode != 0;
}
