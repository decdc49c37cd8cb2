using Amazon.Runtime;
using StratusLab.Core;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Aws;

/// <summary>What is never tried again, whatever the SDK's policy says of it.</summary>
internal static class RetryRules
{
    /// <summary>Notes how far the failed attempt got, and tells whether another may follow.</summary>
    public static bool Allow(IExecutionContext context, Exception exception)
    {
        var request = (QueryRequest)context.RequestContext.OriginalRequest;
        var state = RequestProgress.Of(exception);
        request.Note(state);
        if (request.IsSingle) return false;

        // EC2 answers a lack of capacity with HTTP 500; asking again at once only spends the call budget.
        if (exception is AmazonServiceException { ErrorCode: { } code })
            return !Ec2ErrorCode.IsLackOfCapacity(code) && (request.IsRepeatable || !Ec2ErrorCode.MayHaveTakenEffect(code));
        return request.IsRepeatable || state == RequestState.NotSent;
    }
}
