using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StratusLab.Ec2.Emulator.Cloud;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>The instance metadata service at 169.254.169.254; it knows guests by their addresses.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html</remarks>
internal sealed class MetadataService : IAsyncDisposable
{
    private const string TimeToLive = "X-aws-ec2-metadata-token-ttl-seconds";
    private const int LongestLife = 21600;

    private readonly EmulatedCloud _cloud;
    private readonly WebApplication _server;
    private readonly Socket _socket;
    private readonly ConcurrentDictionary<string, (string InstanceId, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);

    private MetadataService(EmulatedCloud cloud, IInstanceGuests guests)
    {
        _cloud = cloud;
        _socket = guests.Bind(new IPEndPoint(IPAddress.Parse("169.254.169.254"), 80));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)_socket.Handle));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public static async Task<MetadataService> StartAsync(EmulatedCloud cloud, IInstanceGuests guests, CancellationToken cancellationToken)
    {
        var service = new MetadataService(cloud, guests);
        await service._server.StartAsync(cancellationToken);
        return service;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _socket.Dispose();
    }

    private Task AnswerAsync(HttpContext http)
    {
        var (status, text) = Answer(http.Request, http.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "");
        http.Response.StatusCode = (int)status;
        http.Response.ContentType = "text/plain";
        if (http.Request.Method == "PUT" && status == HttpStatusCode.OK) http.Response.Headers[TimeToLive] = http.Request.Headers[TimeToLive];
        return http.Response.Body.WriteAsync(text, http.RequestAborted).AsTask();
    }

    private (HttpStatusCode Status, byte[] Text) Answer(HttpRequest request, string address)
    {
        lock (_cloud.Gate)
        {
            if (_cloud.Instances.Find(i => i.PrivateAddress == address && !i.IsTerminated(_cloud.Now)) is not { } instance) return (HttpStatusCode.NotFound, []);
            if (request.Method == "PUT" && request.Path == "/latest/api/token") return NewToken(request, instance);
            if (request.Method != "GET") return (HttpStatusCode.MethodNotAllowed, []);
            var token = request.Headers["X-aws-ec2-metadata-token"].ToString();
            var isKnown = _tokens.TryGetValue(token, out var known) && known.InstanceId == instance.Id && _cloud.Now < known.Until;
            if (!isKnown && (token.Length > 0 || instance.HttpTokens == "required")) return (HttpStatusCode.Unauthorized, []);
            return MetadataTree.Of(_cloud, instance, request.Path.Value ?? "") is { } text ? (HttpStatusCode.OK, text) : (HttpStatusCode.NotFound, []);
        }
    }

    private (HttpStatusCode Status, byte[] Text) NewToken(HttpRequest request, EmulatedInstance instance)
    {
        if (!int.TryParse(request.Headers[TimeToLive], CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > LongestLife) return (HttpStatusCode.BadRequest, []);
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(40));
        _tokens[token] = (instance.Id, _cloud.Now.AddSeconds(seconds));
        return (HttpStatusCode.OK, System.Text.Encoding.ASCII.GetBytes(token));
    }
}
