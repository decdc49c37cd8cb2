using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Oci;

/// <summary>The connections to a registry and to what it points to: TLS, and where plain HTTP is allowed.</summary>
internal sealed class RegistryChannel : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // An address behind a name may change while a long transfer goes on.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly string _registry;
    private readonly RegistryOptions _options;
    private readonly HttpClient _client;
    private Uri? _origin;

    public RegistryChannel(string registry, RegistryOptions options)
    {
        _registry = registry;
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        };
        if (options.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("stratuslab");
    }

    /// <summary>Where the registry's API is. A registry on this machine's loopback is asked once whether it has TLS.</summary>
    public async Task<Uri> OriginAsync(CancellationToken cancellationToken)
    {
        if (_origin is not null) return _origin;
        var plain = new Uri($"http://{_registry}/");
        return _origin = _options.PlainHttp || (plain.IsLoopback && await AnswersPlainlyAsync(plain, cancellationToken).ConfigureAwait(false))
            ? plain
            : new Uri($"https://{_registry}/");
    }

    /// <summary>Whether requests may go to an address: over TLS to any, without to this machine, or where that was said.</summary>
    public bool MaySpeakTo(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && _origin?.Scheme == Uri.UriSchemeHttp && (_options.PlainHttp || address.IsLoopback));

    /// <summary>Sends one request and returns the answer's head.</summary>
    /// <exception cref="RegistryException">There was no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, StallTimer stall, string what)
    {
        try
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            stall.Touch();
            return response;
        }
        catch (Exception e) when (RegistryErrors.IsConnection(e, stall))
        {
            throw RegistryErrors.Translate(e, what, stall);
        }
    }

    public void Dispose() => _client.Dispose();

    // A server with TLS answers a plain request with 400, or hangs up.
    private async Task<bool> AnswersPlainlyAsync(Uri origin, CancellationToken cancellationToken)
    {
        using var stall = new StallTimer(ConnectTimeout, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(origin, "v2/"));
            using var response = await SendAsync(request, stall, _registry).ConfigureAwait(false);
            return response.StatusCode != HttpStatusCode.BadRequest;
        }
        catch (RegistryException e) when (e.Kind is RegistryErrorKind.Protocol or RegistryErrorKind.Connection && e.InnerException is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
        {
            return false;
        }
    }
}
