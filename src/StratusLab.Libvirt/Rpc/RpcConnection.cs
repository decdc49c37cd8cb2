using System.Collections.Concurrent;
using System.Threading.Channels;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>
/// Many calls at once over one duplex stream: one task reads, one task writes, serial numbers tell the replies apart. The first
/// failure ends it for good and is what every call after it reports.
/// </summary>
internal sealed partial class RpcConnection : IAsyncDisposable
{
    private readonly Stream _transport;
    private readonly string _endpoint;
    private readonly LibvirtConnectionOptions _options;
    private readonly ConcurrentDictionary<uint, PendingCall> _calls = new();
    private readonly ConcurrentDictionary<uint, RpcStream> _streams = new();
    private readonly SemaphoreSlim _queries;
    private readonly SemaphoreSlim _commands;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reader = Task.CompletedTask;
    private Task _writer = Task.CompletedTask;
    private Task _keepAlive = Task.CompletedTask;
    private Exception? _failure;
    private uint _lastSerial;

    public RpcConnection(Stream transport, string endpoint, LibvirtConnectionOptions options)
    {
        _transport = transport;
        _endpoint = endpoint;
        _options = options;
        _queries = new SemaphoreSlim(options.MaxPipelinedQueries);
        _commands = new SemaphoreSlim(options.MaxConcurrentCommands);
        _outgoing = Channel.CreateBounded<OutgoingMessage>(new BoundedChannelOptions(OutgoingCapacity) { SingleReader = true });
    }

    public IEventSink? EventSink { get; set; }

    /// <summary>What ended the connection; <see langword="null"/> while it lives.</summary>
    public LibvirtException? Failure => Volatile.Read(ref _failure) is { } cause ? Describe(cause, RequestState.NotSent, null) : null;

    public bool IsOpen => Volatile.Read(ref _failure) is null;

    /// <summary>Completes, never faulted, when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    public void Start()
    {
        _reader = Task.Run(ReadLoopAsync);
        _writer = Task.Run(WriteLoopAsync);
    }

    /// <summary>Sends a call and decodes its reply. Cancelling abandons this call only: its late reply is discarded.</summary>
    public async Task<T> CallAsync<T>(CallLane lane, RpcProcedure procedure, XdrWriter arguments, XdrDecoder<T> decoder, RpcStream? stream, CancellationToken cancellationToken)
    {
        await EnterAsync(lane, procedure, cancellationToken).ConfigureAwait(false);
        var call = new TypedCall<T>(procedure, arguments, lane, decoder) { Stream = stream };
        Register(call);
        try
        {
            await EnqueueAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Abandon(call, cancellationToken);
        }

        if (call.Result.IsCompleted || !cancellationToken.CanBeCanceled)
            return await call.Result.ConfigureAwait(false);
        using (cancellationToken.UnsafeRegister(static (state, token) => ((Abandonment)state!).Run(token), new Abandonment(this, call)))
            return await call.Result.ConfigureAwait(false);
    }

    /// <summary>Opens a stream: the call's reply may already be followed by the stream's data.</summary>
    /// <param name="procedure">The procedure that opens it.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ended">Told once when the stream, having been opened, has ended: with <see langword="null"/> when the server confirmed that all went well.</param>
    /// <param name="cancellationToken">Abandons the opening.</param>
    public async Task<RpcStream> OpenStreamAsync(RpcProcedure procedure, XdrWriter arguments, Action<Exception?> ended, CancellationToken cancellationToken)
    {
        var stream = new RpcStream(this, _options.StreamBufferSize);
        await CallAsync(CallLane.Command, procedure, arguments, Nothing, stream, cancellationToken).ConfigureAwait(false);
        stream.Tell(ended);
        return stream;
    }

    public void Forget(RpcStream stream) => _streams.TryRemove(stream.Serial, out _);

    public async ValueTask DisposeAsync()
    {
        Fail(new ObjectDisposedException(nameof(LibvirtConnection), "The connection was closed by this side."));
        await Task.WhenAll(_reader, _writer, _keepAlive).ConfigureAwait(false);
    }

    internal static bool Nothing(ref XdrReader reader) => true;

    private LibvirtException Describe(Exception cause, RequestState state, RpcProcedure? procedure)
    {
        if (cause is LibvirtProtocolException protocol)
            return new LibvirtProtocolException(protocol.Message, state, protocol);
        var what = procedure is { } p ? $"{p} at {_endpoint} got no answer ({Explain(state)})" : $"The connection to {_endpoint} has ended";
        return new LibvirtConnectionException($"{what}: {cause.Message}", state, cause);
    }

    private static string Explain(RequestState state) => state switch
    {
        RequestState.NotSent => "the request was not sent",
        RequestState.Sent => "the request was sent and may have been carried out",
        _ => "the request may have been sent in part",
    };

    private async ValueTask EnterAsync(CallLane lane, RpcProcedure procedure, CancellationToken cancellationToken)
    {
        var gate = lane == CallLane.Query ? _queries : _commands;
        cancellationToken.ThrowIfCancellationRequested();
        if (gate.Wait(0, CancellationToken.None))
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await gate.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Describe(_failure!, RequestState.NotSent, procedure);
        }
    }

    private void Leave(CallLane lane) => (lane == CallLane.Query ? _queries : _commands).Release();

    private void Register(PendingCall call)
    {
        do
        {
            call.Serial = Interlocked.Increment(ref _lastSerial);
        }
        while (call.Serial == 0 || _streams.ContainsKey(call.Serial) || !_calls.TryAdd(call.Serial, call));

        call.Stamp(new MessageHeader(call.Procedure, MessageType.Call, call.Serial, MessageStatus.Ok));
        if (call.Stream is { } stream)
        {
            stream.Bind(call.Procedure, call.Serial);
            _streams[call.Serial] = stream;
        }

        // A failure that came before the registration has not seen this call.
        if (Volatile.Read(ref _failure) is { } cause)
            FailCall(call, cause);
    }

    private void Abandon(PendingCall call, CancellationToken cancellationToken)
    {
        call.Cancel(cancellationToken);
        if (call.TryWithdraw() && Remove(call))
            call.Stream?.Close(new LibvirtConnectionException($"{call.Procedure} was cancelled before it was sent."));
    }

    private bool Remove(PendingCall call)
    {
        if (!_calls.TryRemove(KeyValuePair.Create(call.Serial, call)))
            return false;
        Leave(call.Lane);
        return true;
    }

    private void FailCall(PendingCall call, Exception cause)
    {
        if (!Remove(call))
            return;
        call.TryWithdraw();
        call.Fail(Describe(cause, call.RequestState, call.Procedure));
    }

    private void Fail(Exception cause)
    {
        if (Interlocked.CompareExchange(ref _failure, cause, null) is not null)
            return;
        _closing.Cancel();
        _outgoing.Writer.TryComplete();
        _transport.Dispose();
        foreach (var call in _calls.Values)
            FailCall(call, cause);
        foreach (var stream in _streams.Values)
            stream.Close(Describe(cause, RequestState.Sent, stream.Procedure));
        EventSink?.OnClosed(Describe(cause, RequestState.NotSent, null));
        _closed.TrySetResult();
    }

    private sealed class Abandonment(RpcConnection connection, PendingCall call)
    {
        public void Run(CancellationToken cancellationToken) => connection.Abandon(call, cancellationToken);
    }
}
