using StratusLab.Libvirt.Rpc;

namespace StratusLab.Libvirt;

/// <summary>A domain's console. One reader and one writer may work at the same time; a cancelled read loses nothing.</summary>
public sealed class DomainConsole : LibvirtStream
{
    internal DomainConsole(RpcStream rpc)
        : base(rpc)
    {
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Reads what the guest wrote; 0 when the console has ended, because the domain stopped or another client took it.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ReadDataAsync(buffer, cancellationToken);

    /// <summary>Types into the guest's console.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => Rpc.SendAsync(buffer, cancellationToken);

    /// <summary>Gives the console back.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Rpc.Abort();
        base.Dispose(disposing);
    }
}
