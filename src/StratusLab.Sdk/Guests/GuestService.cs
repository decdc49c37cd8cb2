using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Work inside guests, over the system's OpenSSH or the guest agent.</summary>
/// <remarks>
/// Host keys are kept per VM in the site's own <c>known_hosts</c>: the first one seen is accepted, another one later is refused.
/// </remarks>
public sealed class GuestService
{
    internal GuestService()
    {
    }

    /// <summary>The most that is kept of a command's output, and of its error, per guest.</summary>
    public static ByteSize MaxOutput => ByteSize.FromMiB(16);

    /// <summary>Runs a command or script in guests, several at once, and streams a result per guest as it ends.</summary>
    /// <exception cref="InvalidInputException">There is neither a command line nor a script, or both, or a figure is out of range.</exception>
    public IAsyncEnumerable<GuestCommandResult> InvokeAsync(
        IReadOnlyList<VirtualMachine> vms,
        GuestCommand command,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Copies files to or from guests, several at once, and streams a result per guest as it ends.</summary>
    /// <exception cref="InvalidInputException">The source is not there, or a figure is out of range.</exception>
    public IAsyncEnumerable<GuestCopyResult> CopyAsync(
        IReadOnlyList<VirtualMachine> vms,
        GuestCopy copy,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The ssh call that opens a terminal in a guest.</summary>
    /// <param name="vm">The VM, with its address.</param>
    /// <param name="user">The user; null for the image's default user.</param>
    /// <param name="keyFile">File of the private key; null for what the user's ssh is configured for.</param>
    /// <exception cref="StratusException"><c>NoAddress</c>: no address of the VM is known.</exception>
    public SshCommand BuildInteractive(VirtualMachine vm, string? user = null, string? keyFile = null) => throw new NotImplementedException();
}
