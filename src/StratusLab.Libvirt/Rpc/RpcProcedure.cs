namespace StratusLab.Libvirt.Rpc;

/// <summary>A procedure of one of the programs that a libvirt server speaks.</summary>
internal readonly record struct RpcProcedure(uint Program, int Number)
{
    /// <summary>The version that every one of libvirt's programs has had since it was made.</summary>
    public const uint Version = 1;

    /// <summary>REMOTE_PROGRAM in src/remote/remote_protocol.x.</summary>
    public const uint RemoteProgram = 0x20008086;

    /// <summary>QEMU_PROGRAM in src/remote/qemu_protocol.x.</summary>
    public const uint QemuProgram = 0x20008087;

    /// <summary>KEEPALIVE_PROGRAM in src/rpc/virkeepaliveprotocol.x.</summary>
    public const uint KeepAliveProgram = 0x6b656570;

    public static RpcProcedure KeepAlivePing { get; } = new(KeepAliveProgram, 1);

    public static RpcProcedure KeepAlivePong { get; } = new(KeepAliveProgram, 2);

    public static implicit operator RpcProcedure(RemoteProcedure procedure) => new(RemoteProgram, (int)procedure);

    public static implicit operator RpcProcedure(QemuProcedure procedure) => new(QemuProgram, (int)procedure);

    public override string ToString() => Program switch
    {
        RemoteProgram => ((RemoteProcedure)Number).ToString(),
        QemuProgram => ((QemuProcedure)Number).ToString(),
        _ => $"0x{Program:x}/{Number}",
    };
}
