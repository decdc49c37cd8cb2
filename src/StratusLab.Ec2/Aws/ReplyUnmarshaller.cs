using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Aws;

/// <summary>Passes on a good answer unread, and reads a bad one for its code, by which the runtime decides whether to try again.</summary>
internal sealed class ReplyUnmarshaller : ResponseUnmarshaller
{
    private const string RequestIdHeader = "x-amzn-RequestId";

    /// <inheritdoc/>
    public override bool HasStreamingProperty => true;

    /// <inheritdoc/>
    public override AmazonWebServiceResponse Unmarshall(UnmarshallerContext input) =>
        new QueryResponse { Body = ((ReplyContext)input).Body, RequestId = RequestId(input), Date = Date(input) };

    /// <inheritdoc/>
    public override AmazonServiceException UnmarshallException(UnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var reply = ErrorReply.Read(((ReplyContext)input).Body);
        return new AmazonServiceException(
            reply.Message,
            innerException,
            (int)statusCode >= 500 ? ErrorType.Receiver : ErrorType.Sender,
            reply.Code,
            reply.RequestId ?? RequestId(input),
            statusCode);
    }

    /// <inheritdoc/>
    protected override UnmarshallerContext ConstructUnmarshallerContext(Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException) =>
        new ReplyContext(responseStream, response, isException);

    /// <inheritdoc/>
    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException, IRequestContext requestContext) =>
        new ReplyContext(responseStream, response, isException);

    private static string? RequestId(UnmarshallerContext input) =>
        input.ResponseData.IsHeaderPresent(RequestIdHeader) ? input.ResponseData.GetHeaderValue(RequestIdHeader) : null;

    private static DateTimeOffset? Date(UnmarshallerContext input) =>
        input.ResponseData.IsHeaderPresent("Date") && DateTimeOffset.TryParse(input.ResponseData.GetHeaderValue("Date"), CultureInfo.InvariantCulture, out var date) ? date : null;
}
