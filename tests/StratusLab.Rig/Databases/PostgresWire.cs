using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StratusLab.Rig.Databases;

/// <summary>Stands on the loopback before a server's socket, and breaks connections when it is told to. The traffic must not be encrypted.</summary>
public sealed class PostgresWire : IAsyncDisposable
{
    private readonly string _target;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<WireConnection, Task> _connections = new();
    private readonly Task _accepting;
    private volatile bool _isDown;
    private volatile bool _isFrozen;
    private int _fault;

    /// <summary>Starts to listen.</summary>
    public PostgresWire(PostgresServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _target = server.Socket;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Whether no connection comes through; those that there are break.</summary>
    public bool IsDown
    {
        get => _isDown;
        set
        {
            _isDown = value;
            if (!value) return;
            foreach (var connection in _connections.Keys) connection.Cut();
        }
    }

    /// <summary>Whether nothing comes through, though the connections stand: what a machine that vanished leaves.</summary>
    public bool IsFrozen
    {
        get => _isFrozen;
        set => _isFrozen = value;
    }

    /// <summary>What happens at the next commit; none when it has happened.</summary>
    public WireFault Fault
    {
        get => (WireFault)Volatile.Read(ref _fault);
        set => Volatile.Write(ref _fault, (int)value);
    }

    /// <summary>Whether it is <see cref="IsDown"/> from the next fault on.</summary>
    public bool StaysDown { get; set; }

    /// <summary>A text in the server's answers, and what stands there instead, of the same length.</summary>
    public (string From, string To)? Disguise { get; set; }

    /// <summary>The address over this of a database of the server.</summary>
    /// <param name="database">The database's own address.</param>
    public string AddressOf(string database) => string.Create(
        CultureInfo.InvariantCulture, $"postgresql://{PostgresServer.User}@127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/{PostgresServer.NameOf(database)}?sslmode=disable");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private WireFault TakeFault()
    {
        var fault = (WireFault)Interlocked.Exchange(ref _fault, 0);
        if (fault != WireFault.None && StaysDown) _isDown = true;
        return fault;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                if (IsDown)
                {
                    client.Dispose();
                    continue;
                }

                var connection = new WireConnection(client, _target, TakeFault, () => IsFrozen, Disguise);
                _connections[connection] = connection.RunAsync(_stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
