using System.Text.Json;
using Amazon.Runtime;
using Amazon.SecurityToken.Model;
using StratusLab.Core;
using StratusLab.Ec2.Aws;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Errors;

/// <summary>
/// Has STS say what a refusal for lack of permission was about ("DecodeAuthorizationMessage", AWS STS API reference): EC2 tells it encoded, and only
/// to those who may decode it.
/// </summary>
internal sealed class DenialDecoder(Ec2ClientOptions options) : IDisposable
{
    private const int MaxMessage = 10_240;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ServiceClients _services = new(options with { MaxAttempts = 1 });

    /// <summary>The same error with what was denied, where that can be found out; else the error as it is.</summary>
    public async Task<StratusException> ExplainAsync(StratusException error, CancellationToken cancellationToken)
    {
        if (error is not HostRefusedException { Code: Ec2ErrorCode.UnauthorizedOperation, InnerException: AmazonServiceException { Message: var message } } refused || Ec2Refusals.Encoded(message) is not { Length: <= MaxMessage } encoded) return error;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var answer = await _services.Sts.DecodeAuthorizationMessageAsync(new DecodeAuthorizationMessageRequest { EncodedMessage = encoded }, patience.Token).ConfigureAwait(false);
            return Read(answer.DecodedMessage) is { } denied ? With(refused, denied) : error;
        }
        catch (Exception e) when (e is StratusException or AmazonServiceException or AmazonClientException or HttpRequestException or IOException or JsonException or InvalidOperationException or OperationCanceledException)
        {
            // Whoever may not decode it learns what EC2 says in clear.
            cancellationToken.ThrowIfCancellationRequested();
            return error;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();

    // {"allowed":false,"explicitDeny":false,"context":{"principal":{"arn":…},"action":"ec2:RunInstances","resource":"arn:…"}}
    private static string? Read(string decoded)
    {
        using var json = JsonDocument.Parse(decoded);
        if (!json.RootElement.TryGetProperty("context", out var context)) return null;
        var action = Text(context, "action");
        if (action is null) return null;
        var isExplicit = json.RootElement.TryGetProperty("explicitDeny", out var deny) && deny.ValueKind == JsonValueKind.True;
        var who = context.TryGetProperty("principal", out var principal) ? Text(principal, "arn") : null;
        return $"{action} on {Text(context, "resource") ?? "any resource"} {(isExplicit ? "is denied by a policy" : "is allowed by no policy")}{(who is null ? "" : $" to {who}")}";
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and < 2048 } text ? Wire.ReplyParser.Printable(text) : null;

    private static HostRefusedException With(HostRefusedException refused, string denied) => new(
        refused.ErrorId, refused.Kind, $"{refused.Message} Denied was this: {denied}.", refused.Code, refused.InnerException)
    {
        HostMessage = $"{refused.HostMessage} {denied}.",
        Resource = refused.Resource,
        Data = { ["RequestId"] = refused.Data["RequestId"] },
    };
}
