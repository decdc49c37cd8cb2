using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StratusLab.Rig.Registries;

/// <summary>
/// Stands before a registry without TLS: sees each request, counts bytes, and does what the test says goes wrong. One request per connection.
/// </summary>
public sealed class RegistryProxy : IAsyncDisposable
{
    private readonly int _upstream;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;
    private long _sent;
    private long _received;

    /// <summary>Starts to listen.</summary>
    /// <param name="upstream">The registry's port on the loopback.</param>
    public RegistryProxy(int upstream)
    {
        _upstream = upstream;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Address and port, as in a reference.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Asked before a request goes on; null for no fault.</summary>
    public Func<ProxiedRequest, RegistryFault?>? OnRequest { get; set; }

    /// <summary>
    /// Behave as registries since distribution 3 do, which answer where an upload stands though its last chunk was broken. (docker-registry 2.8
    /// takes only an address that was given after the last byte it has.)
    /// </summary>
    public bool KeepsUploads { get; set; }

    /// <summary>Told after each piece of a content that went either way.</summary>
    public Action? OnMoved { get; set; }

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<ProxiedRequest> Requests { get; } = new();

    /// <summary>Bytes of contents that went to the registry.</summary>
    public long BytesSent => Interlocked.Read(ref _sent);

    /// <summary>Bytes of contents that came from the registry.</summary>
    public long BytesReceived => Interlocked.Read(ref _received);

    private UploadAddresses Uploads { get; } = new();

    /// <summary>Forgets requests and counts.</summary>
    public void Reset()
    {
        Requests.Clear();
        Interlocked.Exchange(ref _sent, 0);
        Interlocked.Exchange(ref _received, 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var task = ServeAsync(client);
                _connections[task] = true;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var (head, rest) = await HttpHead.ReadAsync(stream, _stop.Token);
                if (head is null)
                    return;
                var request = new ProxiedRequest(head.First.Split(' ')[0], head.First.Split(' ')[1], head.Headers);
                Requests.Enqueue(request);
                await ForwardAsync(request, OnRequest?.Invoke(request) ?? new RegistryFault(), stream, rest);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // A connection that ends, as asked or not, is no failure of the proxy.
            }
        }
    }

    private async Task ForwardAsync(ProxiedRequest request, RegistryFault fault, NetworkStream client, byte[] begun)
    {
        var length = request.Headers.TryGetValue("Content-Length", out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        if (fault.Answer is { } answer)
        {
            await SkipAsync(client, length - begun.Length);
            await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}"), _stop.Token);
            return;
        }

        byte[]? whole = null;
        if (KeepsUploads && request.SendsBlob)
        {
            whole = await ReadBodyAsync(client, begun, length, fault.CutRequestAt);
            (length, begun) = (whole.Length, whole);
        }

        using var registry = new TcpClient();
        await registry.ConnectAsync(IPAddress.Loopback, _upstream, _stop.Token);
        var upstream = registry.GetStream();
        var target = fault.Target ?? (KeepsUploads ? Uploads.Newest(request.Target) : request.Target);
        await upstream.WriteAsync(HttpHead.Write($"{request.Method} {target} HTTP/1.1", fault.HideRange ? request.Headers.Where(h => h.Key != "Range").ToDictionary() : request.Headers, request.Headers.ContainsKey("Content-Length") ? length : null), _stop.Token);
        if (!await SendBodyAsync(request, begun, client, upstream, length, whole is null ? fault.CutRequestAt : null))
            return;

        var (head, rest) = await HttpHead.ReadAsync(upstream, _stop.Token);
        if (head is null)
            return;
        if (KeepsUploads && head.Headers.TryGetValue("Location", out var location))
            Uploads.Note(location);
        if (fault.LoseAnswer || (whole is not null && fault.CutRequestAt is not null))
            return;
        var back = HttpHead.Write(head.First, head.Headers, null);
        await client.WriteAsync(fault.ChangeHead is null ? back : Encoding.ASCII.GetBytes(fault.ChangeHead(Encoding.ASCII.GetString(back))), _stop.Token);
        await ReturnBodyAsync(request, fault, upstream, client, rest);
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream client, byte[] begun, long length, long? cutAt)
    {
        var body = new MemoryStream();
        body.Write(begun);
        var buffer = new byte[64 << 10];
        while (body.Length < Math.Min(length, cutAt ?? length))
        {
            int count;
            try
            {
                count = await client.ReadAsync(buffer, _stop.Token);
            }
            catch (IOException)
            {
                break;
            }

            if (count == 0)
                break;
            body.Write(buffer, 0, count);
        }

        if (cutAt < body.Length)
            body.SetLength(cutAt.Value);
        return body.ToArray();
    }

    private async Task<bool> SendBodyAsync(ProxiedRequest request, byte[] begun, NetworkStream client, NetworkStream upstream, long length, long? cutAt)
    {
        var buffer = new byte[64 << 10];
        for (long sent = 0; sent < length;)
        {
            var next = begun.Length > 0 ? begun : buffer.AsMemory(0, await client.ReadAsync(buffer, _stop.Token));
            begun = [];
            if (next.Length == 0)
                return false;
            if (sent + next.Length > cutAt)
                next = next[..(int)(cutAt.Value - sent)];
            await upstream.WriteAsync(next, _stop.Token);
            if (request.SendsBlob)
                Count(ref _sent, next.Length);
            sent += next.Length;
            if (sent >= cutAt)
                return false;
        }

        return true;
    }

    private async Task ReturnBodyAsync(ProxiedRequest request, RegistryFault fault, NetworkStream upstream, NetworkStream client, byte[] begun)
    {
        var buffer = new byte[64 << 10];
        for (long received = 0; ;)
        {
            if (received >= fault.CutResponseAt)
                return;
            if (received >= fault.StallResponseAt)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            var next = begun.Length > 0 ? begun : buffer.AsMemory(0, await upstream.ReadAsync(buffer, _stop.Token));
            begun = [];
            if (next.Length == 0)
                return;
            if ((fault.CutResponseAt ?? fault.StallResponseAt) is { } end && received + next.Length > end)
                next = next[..(int)(end - received)];
            if (fault.FlipResponseAt is { } at && at >= received && at < received + next.Length)
                next.Span[(int)(at - received)] ^= 1;
            await client.WriteAsync(next, _stop.Token);
            if (request.ReadsBlob)
                Count(ref _received, next.Length);
            received += next.Length;
        }
    }

    private void Count(ref long total, int bytes)
    {
        Interlocked.Add(ref total, bytes);
        OnMoved?.Invoke();
    }

    private async Task SkipAsync(NetworkStream client, long count)
    {
        var buffer = new byte[64 << 10];
        while (count > 0 && await client.ReadAsync(buffer, _stop.Token) is > 0 and var read)
            count -= read;
    }
}
