namespace StratusLab.Core;

/// <summary>A host whose VMs have a serial console.</summary>
public interface IConsoleHost
{
    /// <summary>Opens the console of a running VM: what the guest writes from now on can be read, what is written the guest reads.</summary>
    Task<Stream> OpenConsoleAsync(VmId vm, CancellationToken cancellationToken = default);

    /// <summary>What the guest has written since it was started, as far as the host kept it, oldest first; empty if it kept nothing.</summary>
    Task<Stream> OpenConsoleLogAsync(VmId vm, CancellationToken cancellationToken = default);
}
