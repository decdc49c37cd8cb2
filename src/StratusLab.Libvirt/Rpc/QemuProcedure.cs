namespace StratusLab.Libvirt.Rpc;

/// <summary>Procedures of the QEMU program used here: <c>qemu_procedure</c> in src/remote/qemu_protocol.x.</summary>
internal enum QemuProcedure
{
    DomainAgentCommand = 3,
}
