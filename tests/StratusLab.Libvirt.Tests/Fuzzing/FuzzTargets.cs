using StratusLab.Libvirt.Auth;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;
using static StratusLab.Libvirt.Tests.Fuzzing.FuzzTarget;

namespace StratusLab.Libvirt.Tests.Fuzzing;

/// <summary>One right message for every decoder of the client.</summary>
internal static class FuzzTargets
{
    private static readonly DomainRef Vm = new("machine", Guid.Parse("4dea22b3-1d52-d8f3-2516-782e98ab3fa0"), 3);
    private static readonly StorageVolumeRef Volume = new("pool", "volume.qcow2", "/var/lib/pool/volume.qcow2");

    private static readonly TypedParameter[] Parameters =
    [
        TypedParameter.Int32("state.state", 1), TypedParameter.UInt32("u", 2), TypedParameter.Int64("l", -3), TypedParameter.UInt64("cpu.time", 4),
        TypedParameter.Double("d", 0.5), TypedParameter.Boolean("b", true), TypedParameter.String("block.0.path", "/a/b"),
    ];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Reply(nameof(Replies.String), RemoteProcedure.ConnectGetHostname, Replies.String, w => w.String("node1")),
        Reply(nameof(Replies.OptionalString), QemuProcedure.DomainAgentCommand, Replies.OptionalString, w => w.OptionalString("{\"return\":{}}")),
        Reply(nameof(Replies.Truth), RemoteProcedure.NetworkIsActive, Replies.Truth, w => w.Truth(true)),
        Reply(nameof(Replies.Int32), RemoteProcedure.AuthPolkit, Replies.Int32, w => w.Int32(1)),
        Reply(nameof(Replies.UInt64), RemoteProcedure.NodeGetFreeMemory, Replies.UInt64, w => w.UInt64(1)),
        Reply("RpcConnection.Nothing", RemoteProcedure.DomainSuspend, RpcConnection.Nothing, w => w),
        Reply("DomainCodec.Read", RemoteProcedure.DomainLookupByName, DomainCodec.Read, w => w.Domain(Vm)),
        Reply("DomainCodec.ReadAll", RemoteProcedure.ConnectListAllDomains, DomainCodec.ReadAll, w => w.List([Vm, Vm, Vm], 9, (x, d) => x.Domain(d)).UInt32(3)),
        Reply("DomainCodec.ReadStatus", RemoteProcedure.DomainGetState, DomainCodec.ReadStatus, w => w.Int32(1).Int32(2)),
        Reply("DomainCodec.ReadInfo", RemoteProcedure.DomainGetInfo, DomainCodec.ReadInfo, w => w.UInt32(1).UInt64(2).UInt64(3).UInt32(4).UInt64(5)),
        Reply("DomainCodec.ReadStatistics", RemoteProcedure.ConnectGetAllDomainStats, DomainCodec.ReadStatistics, w => w.List([Vm, Vm], 9, (x, d) => x.Domain(d).Parameters(Parameters, 99))),
        Reply("DomainCodec.ReadInterfaces", RemoteProcedure.DomainInterfaceAddresses, DomainCodec.ReadInterfaces, w => w.List(["lo", "eth0"], 9, (x, n) => x.String(n).OptionalString("52:54:00:00:00:01").List(["10.0.0.1", "::1"], 9, (y, a) => y.Int32(0).String(a).UInt32(24)))),
        Reply("DomainCodec.ReadBlockJob", RemoteProcedure.DomainGetBlockJobInfo, DomainCodec.ReadBlockJob, w => w.Int32(1).Int32(2).UInt64(3).UInt64(4).UInt64(5)),
        Reply("DomainCodec.ReadBlockInfo", RemoteProcedure.DomainGetBlockInfo, DomainCodec.ReadBlockInfo, w => w.UInt64(1).UInt64(2).UInt64(3)),
        Reply("StorageCodec.ReadPool", RemoteProcedure.StoragePoolLookupByName, StorageCodec.ReadPool, w => w.Pool(new("pool", Vm.Uuid))),
        Reply("StorageCodec.ReadPools", RemoteProcedure.ConnectListAllStoragePools, StorageCodec.ReadPools, w => w.List(["a", "b"], 9, (x, n) => x.Pool(new(n, Vm.Uuid))).UInt32(2)),
        Reply("StorageCodec.ReadPoolInfo", RemoteProcedure.StoragePoolGetInfo, StorageCodec.ReadPoolInfo, w => w.UInt32(2).UInt64(1).UInt64(2).UInt64(3)),
        Reply("StorageCodec.ReadVolume", RemoteProcedure.StorageVolLookupByKey, StorageCodec.ReadVolume, w => w.Volume(Volume)),
        Reply("StorageCodec.ReadVolumes", RemoteProcedure.StoragePoolListAllVolumes, StorageCodec.ReadVolumes, w => w.List([Volume, Volume], 9, (x, v) => x.Volume(v)).UInt32(2)),
        Reply("StorageCodec.ReadVolumeInfo", RemoteProcedure.StorageVolGetInfo, StorageCodec.ReadVolumeInfo, w => w.Int32(0).UInt64(1).UInt64(2)),
        Reply("NetworkCodec.Read", RemoteProcedure.NetworkLookupByName, NetworkCodec.Read, w => w.Network(new("default", Vm.Uuid))),
        Reply("NetworkCodec.ReadAll", RemoteProcedure.ConnectListAllNetworks, NetworkCodec.ReadAll, w => w.List(["a", "b"], 9, (x, n) => x.Network(new(n, Vm.Uuid))).UInt32(2)),
        Reply("NetworkCodec.ReadLeases", RemoteProcedure.NetworkGetDhcpLeases, NetworkCodec.ReadLeases, w => w.List(["virbr0", "virbr1"], 9, (x, n) => x.String(n).Int64(1_700_000_000).Int32(0).OptionalString("m").OptionalString(null).String("10.0.0.2").UInt32(24).OptionalString("host").OptionalString("id")).UInt32(2)),
        Reply("NodeCodec.ReadInfo", RemoteProcedure.NodeGetInfo, NodeCodec.ReadInfo, w => Model(w).UInt64(1).Int32(2).Int32(3).Int32(4).Int32(5).Int32(6).Int32(7)),
        Reply("NodeCodec.ReadMemory", RemoteProcedure.NodeGetMemoryStats, NodeCodec.ReadMemory, w => w.List(["total", "free"], 9, (x, n) => x.String(n).UInt64(5)).Int32(2)),
        Reply("SnapshotCodec.Read", RemoteProcedure.DomainSnapshotLookupByName, SnapshotCodec.Read, w => w.Snapshot(new("s", Vm))),
        Reply("SnapshotCodec.ReadAll", RemoteProcedure.DomainListAllSnapshots, SnapshotCodec.ReadAll, w => w.List(["s", "t"], 9, (x, n) => x.Snapshot(new(n, Vm))).Int32(2)),
        Reply("MigrationCodec.ReadBegin", RemoteProcedure.DomainMigrateBegin3Params, MigrationCodec.ReadBegin, w => w.Cookie([1, 2, 3]).String("<domain/>")),
        Reply("MigrationCodec.ReadPrepare", RemoteProcedure.DomainMigratePrepare3Params, MigrationCodec.ReadPrepare, w => w.Cookie([1, 2, 3]).OptionalString("tcp://b:49152")),
        Reply("MigrationCodec.ReadCookie", RemoteProcedure.DomainMigratePerform3Params, MigrationCodec.ReadCookie, w => w.Cookie([1, 2, 3])),
        Reply("MigrationCodec.ReadFinish", RemoteProcedure.DomainMigrateFinish3Params, MigrationCodec.ReadFinish, w => w.Domain(Vm).Cookie([1])),
        Reply("MigrationCodec.ReadJob", RemoteProcedure.DomainGetJobStats, MigrationCodec.ReadJob, w => w.Int32(2).Parameters(Parameters, 99)),
        Reply("Authenticator.ReadTypes", RemoteProcedure.AuthList, Authenticator.ReadTypes, w => w.List([0, 1, 2], 9, (x, t) => x.Int32(t))),
        Reply("SaslExchange.Read", RemoteProcedure.AuthSaslStep, SaslExchange.Read, w => SaslExchange.Data(w.Truth(false), [1, 2, 200])),
        new("ServerError.Read", new(RemoteProcedure.DomainSuspend, MessageType.Reply, 1, MessageStatus.Error), Error(), rpc => _ = rpc.QueryAsync(RemoteProcedure.DomainSuspend, new XdrWriter(0), CancellationToken.None)),
        FuzzTarget.Event("lifecycle", RemoteProcedure.DomainEventCallbackLifecycle, w => w.Int32(1).Domain(Vm).Int32(2).Int32(0)),
        FuzzTarget.Event("reboot", RemoteProcedure.DomainEventCallbackReboot, w => w.Int32(1).Domain(Vm)),
        FuzzTarget.Event("device added", RemoteProcedure.DomainEventCallbackDeviceAdded, w => w.Int32(1).Domain(Vm).String("net0")),
        FuzzTarget.Event("device removed", RemoteProcedure.DomainEventCallbackDeviceRemoved, w => w.Int32(1).Domain(Vm).String("net0")),
        FuzzTarget.Event("device removal failed", RemoteProcedure.DomainEventCallbackDeviceRemovalFailed, w => w.Int32(1).Domain(Vm).String("net0")),
        FuzzTarget.Event("migration iteration", RemoteProcedure.DomainEventCallbackMigrationIteration, w => w.Int32(1).Domain(Vm).Int32(2)),
        FuzzTarget.Event("job completed", RemoteProcedure.DomainEventCallbackJobCompleted, w => w.Int32(1).Domain(Vm).Parameters(Parameters, 99)),
        FuzzTarget.Event("agent", RemoteProcedure.DomainEventCallbackAgentLifecycle, w => w.Int32(1).Domain(Vm).Int32(1).Int32(1)),
        FuzzTarget.Stream("stream data", MessageType.Stream, MessageStatus.Continue, w => w.Raw(new byte[64])),
        FuzzTarget.Stream("stream end of data", MessageType.Stream, MessageStatus.Continue, w => w),
        FuzzTarget.Stream("stream end", MessageType.Stream, MessageStatus.Ok, w => w),
        FuzzTarget.Stream("stream error", MessageType.Stream, MessageStatus.Error, w => w.Raw(Error())),
        FuzzTarget.Stream("stream hole", MessageType.StreamHole, MessageStatus.Continue, w => w.Int64(1 << 30).UInt32(0)),
    ];

    private static XdrWriter Model(XdrWriter writer)
    {
        for (var i = 0; i < 32; i++)
            writer.Int32(i < 6 ? 'x' : 0);
        return writer;
    }

    private static byte[] Error()
    {
        var writer = new XdrWriter();
        MockServer.Error(writer, LibvirtErrorCode.OperationFailed, "operation failed");
        return writer.Payload.ToArray();
    }
}
