using System.Collections.Concurrent;
using System.Net.Sockets;

namespace StratusLab.Rig.Proxy;

/// <summary>
/// Stands on a unix socket before a host's own: counts the calls by procedure, delays packets as a long link would, and asks the
/// test before a packet is passed on in either direction. The traffic must not be encrypted.
/// </summary>
public sealed class LibvirtProxy : IAsyncDisposable
{
    private readonly string _target;
    private readonly TimeSpan _oneWay;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, int> _calls = new();
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly Task _accepting;
    private int _accepted;

    /// <summary>Starts to listen.</summary>
    /// <param name="target">The host's socket.</param>
    /// <param name="socket">The socket to make; at most 107 bytes.</param>
    /// <param name="roundTrip">The round trip time of the link it stands for.</param>
    public LibvirtProxy(string target, string socket, TimeSpan roundTrip = default)
    {
        _target = target;
        Socket = socket;
        _oneWay = roundTrip / 2;
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>The socket to connect to.</summary>
    public string Socket { get; }

    /// <summary>The URI over the proxy.</summary>
    public string Uri => Hosts.LibvirtHost.UriFor(Socket);

    /// <summary>Asked before a call is passed on to the host. May wait, for instance to do something just then.</summary>
    public Func<PacketHeader, CancellationToken, ValueTask<PacketVerdict>>? OnCall { get; set; }

    /// <summary>Asked before a reply is passed back, when the host has already done what was asked.</summary>
    public Func<PacketHeader, CancellationToken, ValueTask<PacketVerdict>>? OnReply { get; set; }

    /// <summary>How many connections were made so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that have not ended.</summary>
    public int Open => _connections.Values.Count(connection => !connection.IsCompleted);

    /// <summary>How many calls of each procedure of the remote program were seen so far.</summary>
    public IReadOnlyDictionary<int, int> Calls => new Dictionary<int, int>(_calls);

    /// <summary>How many calls of one procedure of the remote program were seen so far.</summary>
    public int Count(int procedure) => _calls.GetValueOrDefault(procedure);

    /// <summary>How many calls that change something were seen so far.</summary>
    public int ChangingCalls => _calls.Where(call => !ReadingProcedures.Contains(call.Key)).Sum(call => call.Value);

    /// <summary>Forgets the counts.</summary>
    public void ResetCounts() => _calls.Clear();

    /// <summary>Cuts every connection there is; new ones are accepted.</summary>
    public void CutAll()
    {
        foreach (var connection in _connections.Keys)
            connection.Cut();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        File.Delete(Socket);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                var connection = new ProxyConnection(client, _target, _oneWay, JudgeAsync);
                _connections[connection] = connection.RunAsync(_stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private ValueTask<PacketVerdict> JudgeAsync(PacketHeader packet, CancellationToken cancel)
    {
        switch (packet.Type)
        {
            case PacketType.Call or PacketType.CallWithFds:
                if (packet.Program == PacketHeader.RemoteProgram)
                    _calls.AddOrUpdate(packet.Procedure, 1, (_, count) => count + 1);
                return OnCall?.Invoke(packet, cancel) ?? new(PacketVerdict.Forward);
            case PacketType.Reply or PacketType.ReplyWithFds:
                return OnReply?.Invoke(packet, cancel) ?? new(PacketVerdict.Forward);
            default:
                return new(PacketVerdict.Forward);
        }
    }
}
