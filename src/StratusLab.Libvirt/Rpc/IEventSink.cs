using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>Where a connection hands what the server sends without being asked.</summary>
internal interface IEventSink
{
    /// <summary>Takes one event. Runs on the reader's task: it must not block.</summary>
    void OnEvent(RpcProcedure procedure, ref XdrReader reader);

    /// <summary>Says that no more events will come.</summary>
    void OnClosed(LibvirtException reason);
}
