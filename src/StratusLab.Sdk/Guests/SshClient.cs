using System.Net;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Builds calls of the system's OpenSSH, so that the user's own configuration, keys and agent hold (ssh(1), ssh_config(5), scp(1)).</summary>
internal sealed class SshClient(KnownHosts knownHosts)
{
    /// <summary>A terminal in the guest, which may ask the user.</summary>
    public SshCommand Interactive(VirtualMachine vm, string? user, string? keyFile) =>
        new("ssh", [.. Options(vm, keyFile, isBatch: false), "-l", UserOf(vm, user), "--", AddressOf(vm).ToString()]);

    /// <summary>A command line for the guest's shell.</summary>
    public SshCommand Command(VirtualMachine vm, GuestAccess access, string commandLine) =>
        new("ssh", [.. Options(vm, access.KeyFile, isBatch: true), "-T", "-l", UserOf(vm, access.User), "--", AddressOf(vm).ToString(), commandLine]);

    /// <summary>A copy over SFTP, or over the older protocol where a guest has no SFTP server.</summary>
    public SshCommand Copy(VirtualMachine vm, GuestCopy copy, string localPath, bool legacy)
    {
        var address = AddressOf(vm);
        var host = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        var path = copy.Direction == GuestCopyDirection.ToVM ? copy.Destination : copy.Source;

        // The older protocol hands the path to the guest's shell.
        var remote = $"{UserOf(vm, copy.User)}@{host}:{(legacy ? PosixShell.Quote(path) : path)}";
        var (from, to) = copy.Direction == GuestCopyDirection.ToVM ? (localPath, remote) : (remote, localPath);
        string[] flags = [.. legacy ? (string[])["-O"] : [], .. copy.Recurse ? (string[])["-r"] : []];
        return new SshCommand("scp", [.. Options(vm, copy.KeyFile, isBatch: true), .. flags, "-q", "--", from, to]);
    }

    public static IPAddress AddressOf(VirtualMachine vm) => vm.IPAddress
        ?? throw new StratusException("NoAddress", StratusErrorKind.InvalidState, $"No address of VM '{vm.Name}' is known yet. Wait for one, or use the guest agent.") { Resource = vm.Name };

    private static string UserOf(VirtualMachine vm, string? user)
    {
        var name = user ?? vm.DefaultUser ?? "root";
        return name.Length > 0 && name[0] != '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? name
            : throw new InvalidInputException("InvalidUser", "The user is a Linux user name, such as 'debian'.", "User");
    }

    private IEnumerable<string> Options(VirtualMachine vm, string? keyFile, bool isBatch)
    {
        yield return "-oStrictHostKeyChecking=accept-new";
        yield return $"-oUserKnownHostsFile={ConfigPath(knownHosts.FileOf(vm.Id))}";
        yield return "-oGlobalKnownHostsFile=/dev/null";
        yield return $"-oHostKeyAlias={KnownHosts.AliasOf(vm.Id)}";
        yield return "-oCheckHostIP=no";
        yield return "-oConnectTimeout=10";
        yield return "-oServerAliveInterval=15";
        yield return "-oLogLevel=ERROR";
        if (isBatch) yield return "-oBatchMode=yes";
        if (keyFile is null) yield break;
        yield return "-oIdentitiesOnly=yes";
        yield return $"-oIdentityFile={ConfigPath(Path.GetFullPath(keyFile))}";
    }

    // Values are read as in a configuration file: words may be quoted, and % begins a token.
    private static string ConfigPath(string path) => $"\"{path.Replace("%", "%%", StringComparison.Ordinal)}\"";
}
