using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Sends a call that opens a stream.</summary>
internal delegate Task<RpcStream> StreamOpener(RpcProcedure procedure, XdrWriter arguments, CancellationToken cancellationToken);
