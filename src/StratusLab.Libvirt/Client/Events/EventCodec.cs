using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are events of domains: a callback's number, then the event.</summary>
internal static class EventCodec
{
    /// <summary>Decodes an event; <see langword="null"/> for one that is not known here.</summary>
    public static (int CallbackId, DomainEvent Event)? Read(RpcProcedure procedure, ref XdrReader reader)
    {
        if (procedure.Program != RpcProcedure.RemoteProgram || !IsKnown((RemoteProcedure)procedure.Number))
            return null;
        var callbackId = reader.ReadInt32();
        var decoded = ReadBody((RemoteProcedure)procedure.Number, DomainCodec.Read(ref reader), ref reader);
        reader.EnsureEnd();
        return (callbackId, decoded);
    }

    private static bool IsKnown(RemoteProcedure procedure) => procedure is
        RemoteProcedure.DomainEventCallbackLifecycle or
        RemoteProcedure.DomainEventCallbackReboot or
        RemoteProcedure.DomainEventCallbackDeviceAdded or
        RemoteProcedure.DomainEventCallbackDeviceRemoved or
        RemoteProcedure.DomainEventCallbackDeviceRemovalFailed or
        RemoteProcedure.DomainEventCallbackMigrationIteration or
        RemoteProcedure.DomainEventCallbackJobCompleted or
        RemoteProcedure.DomainEventCallbackAgentLifecycle;

    private static DomainEvent ReadBody(RemoteProcedure procedure, DomainRef domain, ref XdrReader reader) => procedure switch
    {
        RemoteProcedure.DomainEventCallbackLifecycle => new DomainLifecycleEvent(domain, (DomainLifecycleChange)reader.ReadInt32(), reader.ReadInt32()),
        RemoteProcedure.DomainEventCallbackReboot => new DomainRebootEvent(domain),
        RemoteProcedure.DomainEventCallbackDeviceAdded => new DomainDeviceAddedEvent(domain, reader.ReadString()),
        RemoteProcedure.DomainEventCallbackDeviceRemoved => new DomainDeviceRemovedEvent(domain, reader.ReadString()),
        RemoteProcedure.DomainEventCallbackDeviceRemovalFailed => new DomainDeviceRemovalFailedEvent(domain, reader.ReadString()),
        RemoteProcedure.DomainEventCallbackMigrationIteration => new DomainMigrationIterationEvent(domain, reader.ReadInt32()),
        RemoteProcedure.DomainEventCallbackJobCompleted =>
            new DomainJobCompletedEvent(domain, ParameterCodec.ReadList(ref reader, ProtocolLimits.JobStatsMax, new ParameterCodec.NameCache())),
        _ => new DomainAgentEvent(domain, (GuestAgentState)reader.ReadInt32(), reader.ReadInt32()),
    };
}
