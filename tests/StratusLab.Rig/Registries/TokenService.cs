using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace StratusLab.Rig.Registries;

/// <summary>
/// A token service as registries have one (distribution's "Token Authentication Specification"): it knows one user, gives that user what is
/// asked for, and everybody the right to read.
/// </summary>
public sealed class TokenService : IAsyncDisposable
{
    internal const string Service = "rig-registry";
    internal const string Issuer = "rig-tokens";

    private readonly HttpListener _listener = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly string _authorization;
    private readonly Task _serving;

    /// <summary>Starts to serve on the loopback.</summary>
    public TokenService(string user, string password)
    {
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        var request = new CertificateRequest("CN=rig tokens", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Realm = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/token");
        }

        _listener.Prefixes.Add($"{Realm.GetLeftPart(UriPartial.Authority)}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where tokens are had.</summary>
    public Uri Realm { get; }

    /// <summary>The scopes that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    internal string CertificatePem => _certificate.ExportCertificatePem();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _certificate.Dispose();
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The service ends.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var given = context.Request.Headers["Authorization"];
        using var response = context.Response;
        if (given is not null && given != _authorization)
        {
            response.StatusCode = 401;
            return;
        }

        var scopes = context.Request.QueryString.GetValues("scope") ?? [];
        foreach (var scope in scopes)
            Asked.Enqueue(scope);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { token = Token(scopes, given is not null), expires_in = 300 });
        response.ContentType = "application/json";
        await response.OutputStream.WriteAsync(body);
    }

    private string Token(string[] scopes, bool isUser)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var access = scopes.Select(scope => scope.Split(':')).Where(parts => parts.Length == 3)
            .Select(parts => new { type = parts[0], name = parts[1], actions = isUser ? parts[2].Split(',') : ["pull"] });
        var header = JsonSerializer.SerializeToUtf8Bytes(new { typ = "JWT", alg = "RS256", x5c = new[] { Convert.ToBase64String(_certificate.RawData) } });
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new { iss = Issuer, sub = "rig", aud = Service, exp = now + 300, nbf = now - 60, iat = now, jti = Guid.NewGuid().ToString("N"), access });
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
