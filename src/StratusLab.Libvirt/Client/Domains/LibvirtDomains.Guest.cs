using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtDomains
{
    /// <summary>Gets the guest's network interfaces and addresses (<c>virDomainInterfaceAddresses</c>).</summary>
    /// <param name="domain">A running domain.</param>
    /// <param name="source">Where to look them up.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task<IReadOnlyList<DomainInterface>> GetInterfaceAddressesAsync(
        DomainRef domain, DomainAddressSource source = DomainAddressSource.Lease, CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter().Domain(domain).UInt32((uint)source).UInt32(0);

        // Leases and the ARP table the server looks up by itself; an agent may keep it waiting.
        return source == DomainAddressSource.Agent
            ? _rpc.CommandAsync(RemoteProcedure.DomainInterfaceAddresses, arguments, DomainCodec.ReadInterfaces, cancellationToken)
            : _rpc.QueryAsync(RemoteProcedure.DomainInterfaceAddresses, arguments, DomainCodec.ReadInterfaces, cancellationToken);
    }

    /// <summary>Sends a command to the QEMU guest agent (<c>virDomainQemuAgentCommand</c>, program 0x20008087).</summary>
    /// <param name="domain">A running domain with an agent channel.</param>
    /// <param name="command">The command as JSON.</param>
    /// <param name="timeout">How long the server waits for the guest's answer, whole seconds; <see langword="null"/> for the server's own limit of 5 s, <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <returns>The agent's answer as JSON.</returns>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.AgentUnresponsive"/> when the guest has no agent running.</exception>
    public Task<string?> RunAgentCommandAsync(DomainRef domain, string command, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A guest cannot be waited for less than no time.");

        // virDomainQemuAgentCommandTimeoutValues: -2 blocks, -1 is the default.
        var seconds = timeout is not { } time ? -1 : time == Timeout.InfiniteTimeSpan ? -2 : (int)Math.Min(Math.Ceiling(time.TotalSeconds), int.MaxValue);
        var arguments = new XdrWriter().Domain(domain).String(command).Int32(seconds).UInt32(0);
        return _rpc.CommandAsync(QemuProcedure.DomainAgentCommand, arguments, Replies.OptionalString, cancellationToken);
    }

    /// <summary>Opens a console as a duplex stream (<c>virDomainOpenConsole</c>). Reads can be cancelled one by one; disposing gives the console back.</summary>
    /// <param name="domain">A running domain.</param>
    /// <param name="device">The console's alias; <see langword="null"/> for the first console or serial port.</param>
    /// <param name="flags">How it is opened.</param>
    /// <param name="cancellationToken">Abandons the opening.</param>
    public async Task<DomainConsole> OpenConsoleAsync(
        DomainRef domain, string? device = null, DomainConsoleFlags flags = DomainConsoleFlags.None, CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter().Domain(domain).OptionalString(device).UInt32((uint)flags);
        return new DomainConsole(await _openStream(RemoteProcedure.DomainOpenConsole, arguments, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sets the password of a guest's user through the guest agent (<c>virDomainSetUserPassword</c>).</summary>
    public Task SetUserPasswordAsync(DomainRef domain, string user, string password, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainSetUserPassword, new XdrWriter().Domain(domain).OptionalString(user).OptionalString(password).UInt32(0), cancellationToken);
}
