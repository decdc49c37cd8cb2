using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Tests.Fuzzing;

/// <summary>A message that is right, and what waits for it.</summary>
/// <param name="Name">The decoder it goes through.</param>
/// <param name="Header">Its header, with serial 1.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="Await">Makes a connection wait for it with its first serial.</param>
internal sealed record FuzzTarget(string Name, MessageHeader Header, byte[] Payload, Action<RpcConnection> Await)
{
    public byte[] Bytes => MockServer.Build(Header, w => w.Raw(Payload));

    public static FuzzTarget Reply<T>(string name, RpcProcedure procedure, XdrDecoder<T> decoder, Func<XdrWriter, XdrWriter> content) => new(
        name,
        new MessageHeader(procedure, MessageType.Reply, 1, MessageStatus.Ok),
        content(new XdrWriter()).Payload.ToArray(),
        rpc => Observe(rpc.QueryAsync(procedure, new XdrWriter(0), decoder, CancellationToken.None)));

    public static FuzzTarget Event(string name, RemoteProcedure procedure, Func<XdrWriter, XdrWriter> content) => new(
        name,
        new MessageHeader(procedure, MessageType.Event, 0, MessageStatus.Ok),
        content(new XdrWriter()).Payload.ToArray(),
        static _ => { });

    public static FuzzTarget Stream(string name, MessageType type, MessageStatus status, Func<XdrWriter, XdrWriter> content) => new(
        name,
        new MessageHeader(RemoteProcedure.StorageVolDownload, type, 1, status),
        content(new XdrWriter()).Payload.ToArray(),
        static rpc => Observe(rpc.OpenStreamAsync(RemoteProcedure.StorageVolDownload, new XdrWriter(0), _ => { }, CancellationToken.None)));

    private static void Observe(Task task) => _ = task.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
}
