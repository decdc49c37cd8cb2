using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Work inside guests, over the system's OpenSSH or the guest agent.</summary>
/// <remarks>
/// Host keys are kept per VM in the site's own folder: the first one seen is accepted, another one later is refused. A command line is
/// visible in the process lists of this machine and of the guest while it runs; a script is not, so secrets belong into scripts.
/// </remarks>
public sealed class GuestService
{
    private const int MaxThrottle = 256;

    private readonly HostRegistry _hosts;
    private readonly SshClient _ssh;
    private readonly GuestChannels _channels;
    private readonly GuestCopier _copier;

    internal GuestService(HostRegistry hosts, SshClient ssh, GuestChannels channels, TimeProvider clock)
    {
        _hosts = hosts;
        _ssh = ssh;
        _channels = channels;
        _copier = new GuestCopier(ssh, clock);
    }

    /// <summary>The most that is kept of a command's output, and of its error, per guest.</summary>
    public static ByteSize MaxOutput => ByteSize.FromMiB(16);

    /// <summary>Runs a command or script in guests, several at once, and streams a result per guest as it ends.</summary>
    /// <exception cref="InvalidInputException">There is neither a command line nor a script, or both, or a figure is out of range.</exception>
    public IAsyncEnumerable<GuestCommandResult> InvokeAsync(
        IReadOnlyList<VirtualMachine> vms,
        GuestCommand command,
        CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(command.CommandLine) == string.IsNullOrWhiteSpace(command.Script))
            throw new InvalidInputException("InvalidCommand", "Give either a command line or a script.", "CommandLine");
        if (command.Arguments.Any(a => a.Contains('\0', StringComparison.Ordinal)))
            throw new InvalidInputException("InvalidCommand", "An argument holds a NUL character, which no program can be given.", "Arguments");
        Check(command.KeyFile, command.Timeout, command.ThrottleLimit);
        return FanOut.RunAsync(
            [.. vms.Select(vm => (FanOut.Worker<GuestCommandResult>)(async (results, ct) =>
            {
                var provider = await _hosts.ConnectAsync(vm.Host, ct).ConfigureAwait(false);
                await results.WriteAsync(await _channels.InvokeAsync(provider, vm, command, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            }))],
            command.ThrottleLimit,
            cancellationToken);
    }

    /// <summary>Copies files to or from guests, several at once, and streams a result per guest as it ends.</summary>
    /// <exception cref="InvalidInputException">The source is not there, or a figure is out of range.</exception>
    public IAsyncEnumerable<GuestCopyResult> CopyAsync(
        IReadOnlyList<VirtualMachine> vms,
        GuestCopy copy,
        CancellationToken cancellationToken = default)
    {
        Check(copy.KeyFile, copy.Timeout, copy.ThrottleLimit);
        var remote = copy.Direction == GuestCopyDirection.ToVM ? copy.Destination : copy.Source;
        if (string.IsNullOrEmpty(remote) || remote.Any(char.IsControl))
            throw new InvalidInputException("InvalidPath", "The path in the guest is empty or has control characters.", copy.Direction == GuestCopyDirection.ToVM ? "Destination" : "Source");
        if (copy.Direction == GuestCopyDirection.ToVM) CheckSource(copy);
        return FanOut.RunAsync(
            [.. vms.Select(vm => (FanOut.Worker<GuestCopyResult>)(async (results, ct) =>
            {
                var provider = await _hosts.ConnectAsync(vm.Host, ct).ConfigureAwait(false);
                var result = await _copier.CopyAsync(provider, vm, copy, LocalPath(copy, vm, vms.Count > 1), ct).ConfigureAwait(false);
                await results.WriteAsync(result, ct).ConfigureAwait(false);
            }))],
            copy.ThrottleLimit,
            cancellationToken);
    }

    /// <summary>The ssh call that opens a terminal in a guest.</summary>
    /// <param name="vm">The VM, with its address.</param>
    /// <param name="user">The user; null for the image's default user.</param>
    /// <param name="keyFile">File of the private key; null for what the user's ssh is configured for.</param>
    /// <exception cref="StratusException"><c>NoAddress</c>: no address of the VM is known.</exception>
    public SshCommand BuildInteractive(VirtualMachine vm, string? user = null, string? keyFile = null)
    {
        CheckKeyFile(keyFile);
        return _ssh.Interactive(vm, user, keyFile);
    }

    private static string LocalPath(GuestCopy copy, VirtualMachine vm, bool isOneOfMany)
    {
        if (copy.Direction == GuestCopyDirection.ToVM) return Path.GetFullPath(copy.Source);
        var name = Path.GetFileName(copy.Source.TrimEnd('/'));
        if (isOneOfMany) return Path.Combine(Path.GetFullPath(copy.Destination), vm.Name, name);
        var isFolder = Directory.Exists(copy.Destination) || Path.EndsInDirectorySeparator(copy.Destination);
        return isFolder ? Path.Combine(Path.GetFullPath(copy.Destination), name) : Path.GetFullPath(copy.Destination);
    }

    private static void CheckSource(GuestCopy copy)
    {
        if (Directory.Exists(copy.Source))
        {
            if (!copy.Recurse) throw new InvalidInputException("SourceIsFolder", $"'{copy.Source}' is a folder; ask for it to be copied with all that is in it.", "Source");
        }
        else if (!File.Exists(copy.Source))
        {
            throw new InvalidInputException("SourceNotFound", $"There is no file '{copy.Source}'.", "Source");
        }
    }

    private static void Check(string? keyFile, TimeSpan timeout, int throttle)
    {
        CheckKeyFile(keyFile);
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(7))
            throw new InvalidInputException("InvalidTimeout", $"{timeout} is no time to wait: use more than nothing and up to 7 days.", "Timeout");
        if (throttle is < 1 or > MaxThrottle)
            throw new InvalidInputException("InvalidThrottleLimit", $"{throttle} guests at once are not possible: use 1 to {MaxThrottle}.", "ThrottleLimit");
    }

    private static void CheckKeyFile(string? keyFile)
    {
        if (keyFile is not null && !File.Exists(keyFile))
            throw new InvalidInputException("KeyFileNotFound", $"There is no private key file '{keyFile}'.", "KeyFile");
    }
}
