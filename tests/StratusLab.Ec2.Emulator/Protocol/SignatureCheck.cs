using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>Checks Signature Version 4 as EC2 does. Source: "Create a signed AWS API request", AWS IAM user guide.</summary>
internal sealed class SignatureCheck(EmulatorOptions options)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (string Secret, string Token)> _sessions = new(StringComparer.Ordinal);

    /// <summary>The keys of a new session, which count beside those of the account.</summary>
    public (string KeyId, string Secret, string Token) Open()
    {
        var keyId = $"ASIA{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
        var (secret, token) = _sessions[keyId] = (Convert.ToHexString(RandomNumberGenerator.GetBytes(20)), Convert.ToHexString(RandomNumberGenerator.GetBytes(40)));
        return (keyId, secret, token);
    }

    /// <summary>The service that a request is signed for, such as <c>s3</c>; null where it is not signed.</summary>
    public static string? ServiceOf(HttpRequest request) => ScopeOf(request) is [_, _, _, var service, _] ? service : null;

    /// <summary>Passes what is signed rightly.</summary>
    /// <exception cref="Ec2FaultException">The request is not signed, or wrongly, or too early or late.</exception>
    public void Check(HttpRequest request, ReadOnlySpan<byte> body) => Check(request, Hex(SHA256.HashData(body)));

    /// <summary>The same, where the hash of the body is known or stands for something else.</summary>
    /// <exception cref="Ec2FaultException">The request is not signed, or wrongly, or too early or late.</exception>
    public SignedRequest Check(HttpRequest request, string bodyHash)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw new Ec2FaultException("MissingAuthenticationToken", "Request is missing Authentication Token", HttpStatusCode.Forbidden);
        var parts = Parts(header);
        var scope = parts.GetValueOrDefault("Credential", "").Split('/');
        var (secret, expectedToken) = _sessions.GetValueOrDefault(scope[0], (options.SecretAccessKey, options.SessionToken!));
        if (scope.Length != 5 || (scope[0] != options.AccessKeyId && !_sessions.ContainsKey(scope[0])))
            throw new Ec2FaultException("AuthFailure", "AWS was not able to validate the provided access credentials", HttpStatusCode.Unauthorized);
        if (scope[2] != options.Region || scope[3] is not ("ec2" or "sts" or "s3"))
            throw new Ec2FaultException("AuthFailure", $"Credential should be scoped to a valid region and service, not '{scope[2]}/{scope[3]}'.", HttpStatusCode.Unauthorized);

        var date = request.Headers["X-Amz-Date"].ToString();
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt)
            || (signedAt - options.Clock.GetUtcNow()).Duration() > Tolerance)
            throw new Ec2FaultException("RequestExpired", $"Request has expired. Timestamp date is {date}.");
        if (expectedToken is { } token && request.Headers["X-Amz-Security-Token"] != token)
            throw new Ec2FaultException("RequestExpired", "Request has expired: the security token is not valid any more.");

        var signed = parts.GetValueOrDefault("SignedHeaders", "").Split(';');
        var canonical = new StringBuilder().Append(request.Method).Append('\n').Append(Path(request)).Append('\n').Append(Query(request)).Append('\n');
        foreach (var name in signed)
        {
            var value = name == "host" ? request.Host.Value : string.Join(',', request.Headers[name].Select(v => v?.Trim()));
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        canonical.Append('\n').Append(string.Join(';', signed)).Append('\n').Append(bodyHash);
        var toSign = $"{Algorithm}\n{date}\n{string.Join('/', scope[1..])}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope[1..]) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var expected = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        if (!signed.Contains("host", StringComparer.Ordinal) || expected != parts.GetValueOrDefault("Signature"))
            throw new Ec2FaultException("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.", HttpStatusCode.Forbidden);
        return new SignedRequest(date, string.Join('/', scope[1..]), key, expected);
    }

    private static string[] ScopeOf(HttpRequest request) => Parts(request.Headers.Authorization.ToString()).GetValueOrDefault("Credential", "").Split('/');

    private static Dictionary<string, string> Parts(string header) => header.Length <= Algorithm.Length ? [] : header[(Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);

    // As it was sent: a key of S3 may have characters that are escaped.
    private static string Path(HttpRequest request) =>
        request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];

    private static string Query(HttpRequest request) => string.Join('&', request.Query
        .SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? "")}")).Order(StringComparer.Ordinal));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
