using System.Text.Json;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Holds a guest's file systems still through its agent, so that what is on the disk is complete in itself.</summary>
internal static class GuestFreeze
{
    // Should whoever froze the guest die, it lets go by itself: begun beforehand, since a frozen agent starts nothing.
    private const string LetGo =
        """
        sleep 30
        while read -r device mount rest; do
          case "$device" in /dev/*) fsfreeze -u "$mount" ;; esac
        done </proc/mounts
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Freezes the guest.</summary>
    /// <returns>Whether it is frozen; one that cannot be is left as it is, and its copy is like a disk after a power cut.</returns>
    public static async Task<bool> FreezeAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        var guard = new AgentArguments { Path = "/bin/sh", Arguments = ["-c", LetGo] };
        await TryAsync(connection, domain, new AgentRequest("guest-exec", guard), cancellationToken).ConfigureAwait(false);
        return await TryAsync(connection, domain, new AgentRequest("guest-fsfreeze-freeze"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets the guest go on; one that is not frozen, or off, is a success.</summary>
    public static Task ThawAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken) =>
        TryAsync(connection, domain, new AgentRequest("guest-fsfreeze-thaw"), cancellationToken);

    private static async Task<bool> TryAsync(LibvirtConnection connection, DomainRef domain, AgentRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var text = JsonSerializer.Serialize(request, AgentJson.Default.AgentRequest);
            return await connection.Domains.RunAgentCommandAsync(domain, text, Patience, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (LibvirtServerException)
        {
            return false;
        }
    }
}
