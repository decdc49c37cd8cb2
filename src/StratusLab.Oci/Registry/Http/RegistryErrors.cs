using System.Net;
using System.Security.Authentication;
using System.Text.Json;

namespace StratusLab.Oci;

/// <summary>Makes typed errors of refusals and of broken connections.</summary>
internal static class RegistryErrors
{
    private const int MaxText = 64 << 10;

    /// <summary>The error that an answer stands for, in the registry's own words as far as it has any.</summary>
    public static async Task<RegistryException> ReadAsync(HttpResponseMessage response, string what, StallTimer stall, TimeProvider clock)
    {
        var (code, text) = await WordsAsync(response, what, stall).ConfigureAwait(false);
        var said = text is null ? code : code is null ? text : $"{code}: {text}";
        var kind = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => RegistryErrorKind.Unauthorized,
            HttpStatusCode.Forbidden => RegistryErrorKind.Denied,
            HttpStatusCode.NotFound => RegistryErrorKind.NotFound,
            HttpStatusCode.TooManyRequests => RegistryErrorKind.RateLimited,
            HttpStatusCode.RequestTimeout => RegistryErrorKind.Stalled,
            >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => RegistryErrorKind.ServerError,
            _ when code == "DIGEST_INVALID" => RegistryErrorKind.WrongDigest,
            _ => RegistryErrorKind.Refused,
        };
        var retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return new RegistryException(kind, $"{what} answered {(int)response.StatusCode} {response.StatusCode}{(said is null ? "" : $" ({said})")}.")
        {
            Status = response.StatusCode,
            Code = code,
            RetryAfter = retryAfter,
        };
    }

    /// <summary>Reads a body that must not be longer than said.</summary>
    public static async Task<byte[]> BodyAsync(HttpResponseMessage response, int limit, string what, StallTimer stall)
    {
        if (response.Content.Headers.ContentLength > limit) throw TooLong();
        try
        {
            using var body = new MemoryStream();
            var stream = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var buffer = new byte[16 << 10];
                while (await stream.ReadAsync(buffer, stall.Token).ConfigureAwait(false) is > 0 and var count)
                {
                    stall.Touch();
                    if (body.Length + count > limit) throw TooLong();
                    body.Write(buffer, 0, count);
                }
            }

            return body.ToArray();
        }
        catch (Exception e) when (IsConnection(e, stall))
        {
            throw Translate(e, what, stall);
        }

        RegistryException TooLong() => new(RegistryErrorKind.Protocol, $"{what} gave an answer of more than {limit} bytes where a short one belongs.");
    }

    /// <summary>Whether it was the connection that failed.</summary>
    public static bool IsConnection(Exception error, StallTimer stall) =>
        error is HttpRequestException or IOException or AuthenticationException || (error is OperationCanceledException && stall.HasStalled);

    /// <summary>The error that a failed connection stands for.</summary>
    public static RegistryException Translate(Exception error, string what, StallTimer stall) => error switch
    {
        OperationCanceledException =>
            new RegistryException(RegistryErrorKind.Stalled, $"{what}: nothing moved for {stall.Patience.TotalSeconds:0.#} s.", error),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException =>
            new RegistryException(RegistryErrorKind.Tls, $"{what}: no TLS connection: {Deepest(error)} If the certificate is of your own authority, name that; if the registry does without TLS, say so.", error),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
            new RegistryException(RegistryErrorKind.Protocol, $"{what} gave an answer that is no HTTP: {error.Message}", error),
        _ => new RegistryException(RegistryErrorKind.Connection, $"{what}: the connection failed: {Deepest(error)}", error),
    };

    private static async Task<(string? Code, string? Text)> WordsAsync(HttpResponseMessage response, string what, StallTimer stall)
    {
        try
        {
            var body = await BodyAsync(response, MaxText, what, stall).ConfigureAwait(false);
            var first = JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorList)?.Errors is [var entry, ..] ? entry : null;
            return (Printable(first?.Code), Printable(first?.Message));
        }
        catch (Exception e) when (e is JsonException or RegistryException)
        {
            // A refusal without words is a refusal.
            return (null, null);
        }
    }

    private static string? Printable(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : new string([.. text.Take(200).Select(c => char.IsControl(c) ? ' ' : c)]);

    private static string Deepest(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error.Message;
    }
}
