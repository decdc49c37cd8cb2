using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

internal sealed partial class RpcConnection
{
    /// <summary>A call that the server answers at once from what it knows.</summary>
    public Task<T> QueryAsync<T>(RpcProcedure procedure, XdrWriter arguments, XdrDecoder<T> decoder, CancellationToken cancellationToken) =>
        CallAsync(CallLane.Query, procedure, arguments, decoder, null, cancellationToken);

    public Task QueryAsync(RpcProcedure procedure, XdrWriter arguments, CancellationToken cancellationToken) =>
        CallAsync(CallLane.Query, procedure, arguments, Nothing, null, cancellationToken);

    /// <summary>A call that may wait for a guest, a disk or a job.</summary>
    public Task<T> CommandAsync<T>(RpcProcedure procedure, XdrWriter arguments, XdrDecoder<T> decoder, CancellationToken cancellationToken) =>
        CallAsync(CallLane.Command, procedure, arguments, decoder, null, cancellationToken);

    public Task CommandAsync(RpcProcedure procedure, XdrWriter arguments, CancellationToken cancellationToken) =>
        CallAsync(CallLane.Command, procedure, arguments, Nothing, null, cancellationToken);
}
