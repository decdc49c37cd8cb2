using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>A pending call whose reply decodes to <typeparamref name="T"/>.</summary>
internal sealed class TypedCall<T>(RpcProcedure procedure, XdrWriter arguments, CallLane lane, XdrDecoder<T> decoder)
    : PendingCall(procedure, arguments, lane)
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public override bool IsAbandoned => _result.Task.IsCompleted;

    /// <summary>Decodes on the reader's task, so that the receive buffer needs no copy.</summary>
    public override bool Complete(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new XdrReader(payload);
            var result = decoder(ref reader);
            reader.EnsureEnd();
            return _result.TrySetResult(result);
        }
        catch (LibvirtProtocolException e)
        {
            var attributed = new LibvirtProtocolException($"The reply to {Procedure} is malformed. {e.Message}", RequestState.Sent, e);
            _result.TrySetException(attributed);
            throw attributed;
        }
    }

    public override void Fail(Exception exception) => _result.TrySetException(exception);

    public override void Cancel(CancellationToken cancellationToken) => _result.TrySetCanceled(cancellationToken);
}
