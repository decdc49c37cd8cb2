using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace StratusLab.Oci;

/// <summary>Answers a registry's challenges, and remembers the answers for as long as they hold.</summary>
internal sealed class RegistryAuthentication(string registry, RegistryOptions options, RegistryChannel channel) : IDisposable
{
    private const int MaxAnswer = 1 << 20;

    // The token specification: a token without a lifetime holds for at least 60 s.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly IRegistryCredentials _credentials = options.Credentials ?? new CredentialFiles();
    private readonly ConcurrentDictionary<string, (AuthenticationHeaderValue Header, DateTimeOffset Until)> _headers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>What is known to be accepted for a scope; null for nothing yet.</summary>
    public AuthenticationHeaderValue? HeaderFor(string scope) =>
        _headers.TryGetValue(scope, out var known) && options.Clock.GetUtcNow() < known.Until ? known.Header : null;

    /// <summary>Meets the challenge of a 401, so that <see cref="HeaderFor"/> has a header that was not refused yet.</summary>
    /// <param name="answer">The 401.</param>
    /// <param name="scope">What is to be done, in the words of the token specification.</param>
    /// <param name="refused">The header that came to nothing.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="RegistryException">It cannot be met.</exception>
    public async Task MeetAsync(HttpResponseMessage answer, string scope, AuthenticationHeaderValue? refused, CancellationToken cancellationToken)
    {
        var challenge = AuthChallenge.Of(answer.Headers)
            ?? throw new RegistryException(RegistryErrorKind.Protocol, $"{registry} answers 401 and asks for neither Basic nor Bearer authentication.") { Status = HttpStatusCode.Unauthorized };
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Of many requests that are refused at once, the first one asks.
            if (HeaderFor(scope) is { } current && !current.Equals(refused)) return;
            var credential = await _credentials.FindAsync(registry, cancellationToken).ConfigureAwait(false);
            _headers[scope] = challenge.IsBearer
                ? await TokenAsync(challenge, scope, credential, cancellationToken).ConfigureAwait(false)
                : (Basic(credential, refused), DateTimeOffset.MaxValue);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private AuthenticationHeaderValue Basic(RegistryCredential? credential, AuthenticationHeaderValue? refused)
    {
        if (credential?.UserName is null)
            throw Unauthorized($"{registry} asks for a user and password, and none is known. Give a credential, or log in with 'podman login' or 'docker login'.");
        var header = BasicHeader(credential);
        return header.Equals(refused) ? throw Unauthorized($"{registry} does not accept the password of user '{credential.UserName}'.") : header;
    }

    private static AuthenticationHeaderValue BasicHeader(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.UserName}:{credential.Secret}")));

    private async Task<(AuthenticationHeaderValue Header, DateTimeOffset Until)> TokenAsync(
        AuthChallenge challenge, string scope, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
            throw new RegistryException(RegistryErrorKind.Protocol, $"{registry} names a token service that is no web address.");
        if (!channel.MaySpeakTo(realm))
            throw new RegistryException(RegistryErrorKind.Protocol, $"{registry} names the token service {realm.Host}, which does without TLS; nothing was sent there.");

        using var request = credential is { UserName: null } ? Exchange(realm, challenge, scope, credential) : Ask(realm, challenge, scope, credential);
        using var stall = new StallTimer(options.ProgressTimeout, cancellationToken);
        using var response = await channel.SendAsync(request, stall, $"The token service {realm.Host}").ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)
            throw Unauthorized(credential is null
                ? $"The token service {realm.Host} of {registry} gives no token for {scope} without a credential. Give one, or log in with 'podman login' or 'docker login'."
                : $"The token service {realm.Host} of {registry} does not accept '{credential}' for {scope}.");
        if (!response.IsSuccessStatusCode) throw await RegistryErrors.ReadAsync(response, $"The token service {realm.Host}", stall, options.Clock).ConfigureAwait(false);

        try
        {
            var body = await RegistryErrors.BodyAsync(response, MaxAnswer, $"The token service {realm.Host}", stall).ConfigureAwait(false);
            var token = JsonSerializer.Deserialize(body, RegistryJson.Default.TokenAnswer);
            if ((token?.Token ?? token?.AccessToken) is { Length: > 0 } value && !value.AsSpan().ContainsAnyInRange('\0', ' '))
            {
                var life = TimeSpan.FromSeconds(Math.Clamp(token!.ExpiresIn ?? 0, ShortestLife.TotalSeconds, 86400));
                return (new AuthenticationHeaderValue("Bearer", value), options.Clock.GetUtcNow() + life - Margin);
            }
        }
        catch (JsonException)
        {
            // Said below, without the text, which may hold a token.
        }

        throw new RegistryException(RegistryErrorKind.Protocol, $"The token service {realm.Host} of {registry} gave an answer that holds no token.");
    }

    private static HttpRequestMessage Ask(Uri realm, AuthChallenge challenge, string scope, RegistryCredential? credential)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        Add("service", challenge.Service);
        foreach (var one in Scopes(challenge, scope)) Add("scope", one);
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString() }.Uri);
        if (credential is not null) request.Headers.Authorization = BasicHeader(credential);
        return request;

        void Add(string name, string? value)
        {
            if (value is null) return;
            if (query.Length > 0) query.Append('&');
            query.Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    // An identity token is a refresh token of OAuth 2, which goes into a form, not into the address.
    private static HttpRequestMessage Exchange(Uri realm, AuthChallenge challenge, string scope, RegistryCredential credential) =>
        new(HttpMethod.Post, realm)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "refresh_token",
                ["service"] = challenge.Service ?? string.Empty,
                ["client_id"] = "stratuslab",
                ["scope"] = string.Join(' ', Scopes(challenge, scope)),
                ["refresh_token"] = credential.Secret,
            }),
        };

    private static string[] Scopes(AuthChallenge challenge, string scope) =>
        (scope.Length > 0 ? scope : challenge.Scope ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static RegistryException Unauthorized(string message) => new(RegistryErrorKind.Unauthorized, message) { Status = HttpStatusCode.Unauthorized };
}
