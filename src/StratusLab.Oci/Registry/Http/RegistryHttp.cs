using System.Net;
using System.Net.Http.Headers;

namespace StratusLab.Oci;

/// <summary>Requests to one registry, with authentication and redirects. A redirect to another host carries no credentials.</summary>
internal sealed class RegistryHttp : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly RegistryChannel _channel;
    private readonly RegistryAuthentication _authentication;

    public RegistryHttp(string registry, RegistryOptions options)
    {
        Registry = registry;
        Options = options;
        _channel = new RegistryChannel(registry, options);
        _authentication = new RegistryAuthentication(registry, options, _channel);
        Transfers = new SemaphoreSlim(options.Connections, options.Connections);
    }

    public string Registry { get; }

    public RegistryOptions Options { get; }

    /// <summary>A place for each transfer that may go on at once.</summary>
    public SemaphoreSlim Transfers { get; }

    /// <summary>Sends a request until it is answered or has failed as often as it may.</summary>
    public async Task<T> RunAsync<T>(RegistryRequest request, Func<HttpResponseMessage, StallTimer, Task<T>> read, CancellationToken cancellationToken)
    {
        var attempts = new Attempts(Options);
        while (true)
        {
            try
            {
                using var stall = new StallTimer(request.Patience ?? Options.ProgressTimeout, cancellationToken);
                using var response = await SendAsync(request, stall).ConfigureAwait(false);
                return await read(response, stall).ConfigureAwait(false);
            }
            catch (RegistryException e)
            {
                await attempts.PauseAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends a request once.</summary>
    /// <exception cref="RegistryException">The answer is none of those expected, or there was none.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, StallTimer stall)
    {
        stall.Pause();
        var origin = await _channel.OriginAsync(stall.Caller).ConfigureAwait(false);
        stall.Touch();
        if (!Uri.TryCreate(origin, request.Target, out var address)) throw Protocol($"{request.What}: the registry gave an address that is none.");
        var (redirects, refusals) = (0, 0);
        while (true)
        {
            if (!_channel.MaySpeakTo(address)) throw Protocol($"{request.What}: the registry points to {address.Host} without TLS; nothing was sent there.");
            var isRegistry = address.GetLeftPart(UriPartial.Authority) == origin.GetLeftPart(UriPartial.Authority);
            AuthenticationHeaderValue? authorization;
            HttpResponseMessage response;
            using (var message = request.ToMessage(address, stall))
            {
                authorization = isRegistry ? _authentication.HeaderFor(request.Scope) : null;
                message.Headers.Authorization = authorization;
                response = await _channel.SendAsync(message, stall, request.What).ConfigureAwait(false);
            }

            if (request.Expected.Contains(response.StatusCode)) return response;
            using (response)
            {
                // Once for a token that has run out, once for the new one: who is refused then is refused.
                if (response.StatusCode == HttpStatusCode.Unauthorized && isRegistry && refusals++ < (authorization is null ? 1 : 2))
                {
                    // It may be the turn of others first.
                    stall.Pause();
                    await _authentication.MeetAsync(response, request.Scope, authorization, stall.Caller).ConfigureAwait(false);
                    stall.Touch();
                    continue;
                }

                if (RedirectOf(response, request.Method) is { } location)
                {
                    if (++redirects > MaxRedirects) throw Protocol($"{request.What}: redirected more than {MaxRedirects} times.");
                    if (!Uri.TryCreate(address, location, out var next)) throw Protocol($"{request.What}: redirected to an address that is none.");
                    address = next;
                    continue;
                }

                throw await RegistryErrors.ReadAsync(response, request.What, stall, Options.Clock).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Where a request would go, with what it would be let in by as far as that is known.</summary>
    public async Task<RegistryBlobPlace> LocateAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var origin = await _channel.OriginAsync(cancellationToken).ConfigureAwait(false);
        return new RegistryBlobPlace(new Uri(origin, request.Target), _authentication.HeaderFor(request.Scope));
    }

    public void Dispose()
    {
        Transfers.Dispose();
        _authentication.Dispose();
        _channel.Dispose();
    }

    private static Uri? RedirectOf(HttpResponseMessage response, HttpMethod method) => response.StatusCode switch
    {
        HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => response.Headers.Location,
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther when method == HttpMethod.Get || method == HttpMethod.Head => response.Headers.Location,
        _ => null,
    };

    private static RegistryException Protocol(string message) => new(RegistryErrorKind.Protocol, message);
}
