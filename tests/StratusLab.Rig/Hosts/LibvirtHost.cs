using System.Diagnostics;
using System.Globalization;

namespace StratusLab.Rig.Hosts;

/// <summary>
/// A real libvirt host on this machine: libvirtd and virtlogd in namespaces and folders of their own, with the network
/// <c>default</c> and the pool <c>default</c> started. Its guests are reached from the tests by their addresses.
/// All of it ends with <see cref="DisposeAsync"/>, and also when the test process is killed. Needs root.
/// </summary>
public sealed class LibvirtHost : IAsyncDisposable
{
    private readonly HostSlot _slot;
    private readonly LibvirtHostOptions _options;
    private readonly Process _first;
    private readonly CertificateFolder? _certificates;

    private LibvirtHost(HostSlot slot, LibvirtHostOptions options, Process first, CertificateFolder? certificates)
    {
        _slot = slot;
        _options = options;
        _first = first;
        _certificates = certificates;
    }

    /// <summary>The host's own host name, unique on this machine.</summary>
    public string Name => _slot.Link;

    /// <summary>The address of the host as the tests and other hosts see it.</summary>
    public string Address => _slot.HostAddress;

    /// <summary>The address under which the host and its guests reach the test process.</summary>
    public string OutsideAddress => _slot.OutsideAddress;

    /// <summary>The read-write socket, for <see cref="Uri"/> or for a <see cref="Proxy.LibvirtProxy"/>.</summary>
    public string Socket => Path.Combine(_slot.Folder, "run", "libvirt", "libvirt-sock");

    /// <summary>The socket for read-only connections.</summary>
    public string ReadOnlySocket => Socket + "-ro";

    /// <summary>The URI over the unix socket.</summary>
    public string Uri => UriFor(Socket);

    /// <summary>The URI over TLS, with the client certificate that the host trusts.</summary>
    public string TlsUri => $"qemu+tls://{Address}/system?pkipath={Certificates.Client}";

    /// <summary>The URI over unencrypted TCP.</summary>
    public string TcpUri => $"qemu+tcp://{Address}/system";

    /// <summary>The URI over ssh with the key that the host accepts.</summary>
    public string SshUri => $"qemu+ssh://root@{Address}/system?keyfile={SshKey}&no_verify=1";

    /// <summary>The private key that the host's sshd accepts for root.</summary>
    public string SshKey => Path.Combine(_slot.Folder, "ssh", "id");

    /// <summary>A known_hosts file with the host's key.</summary>
    public string SshKnownHosts => Path.Combine(_slot.Folder, "ssh", "known_hosts");

    /// <summary>The certificates of a host with <see cref="LibvirtHostOptions.Tls"/>.</summary>
    public CertificateFolder Certificates => _certificates ?? throw new InvalidOperationException("The host was started without Tls.");

    /// <summary>The SASL user name of a host with <see cref="LibvirtHostOptions.Sasl"/>, with its realm.</summary>
    public string SaslUser => $"{HostFiles.SaslUser}@{Name}";

    /// <summary>The SASL password of that user.</summary>
    public string SaslPassword => HostFiles.SaslPassword;

    /// <summary>The folder that the pool <c>default</c> is, seen from outside.</summary>
    public string PoolFolder => Path.Combine(_slot.Folder, "varlib", "images");

    /// <summary>The UEFI variables of its guests, as seen from outside.</summary>
    public string VariablesFolder => Path.Combine(_slot.Folder, "varlib", "qemu", "nvram");

    /// <summary>The daemon's log file, seen from outside.</summary>
    public string DaemonLog => Path.Combine(_slot.Folder, "log", "libvirtd.log");

    /// <summary>A folder of this host for a test's own files; gone with the host.</summary>
    public string Folder => _slot.Folder;

    /// <summary>The URI over another unix socket, such as a proxy's.</summary>
    public static string UriFor(string socket) => $"qemu+unix:///system?socket={socket}";

    /// <summary>Starts a host; takes about two seconds.</summary>
    /// <exception cref="InvalidOperationException">A part did not start; the message holds what it said.</exception>
    public static async Task<LibvirtHost> StartAsync(LibvirtHostOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        var slot = HostSlot.Take();
        LibvirtHost? host = null;
        try
        {
            var certificates = await HostFiles.WriteAsync(slot, options, cancel);
            host = new(slot, options, StartFirstProcess(slot, options), certificates);
            await host.ConnectAsync(cancel);
            await host.StartLibvirtdAsync(cancel);
            return host;
        }
        catch
        {
            if (host is not null)
                await host.DisposeAsync();
            else
                slot.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program inside the host's namespaces and returns its output.</summary>
    public Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel = default) =>
        Command.RunAsync("nsenter", [.. FirstProcess.NamespacesOf(_first), program, .. arguments], cancel);

    /// <summary>Runs virsh on this host, from outside, and returns its output.</summary>
    /// <exception cref="TimeoutException">The host did not answer within three minutes.</exception>
    public async Task<string> VirshAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            return await Command.RunAsync("virsh", ["-q", "-c", Uri, .. arguments], limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{Name} did not answer within three minutes to virsh {string.Join(' ', arguments)}.", e);
        }
    }

    /// <summary>Starts libvirtd, after <see cref="KillLibvirtdAsync"/>, and waits until network and pools are up.</summary>
    public async Task StartLibvirtdAsync(CancellationToken cancel = default)
    {
        string[] listen = _options.Tls || _options.Tcp ? ["--listen"] : [];
        await RunAsync("libvirtd", ["-d", .. listen], cancel);
        // The daemon answers its first call when every driver has started its networks and pools.
        await Command.RunAsync("virsh", ["-r", "-q", "-c", UriFor(ReadOnlySocket), "uri"], cancel);
    }

    /// <summary>Kills libvirtd at once; guests, network and virtlogd go on.</summary>
    public async Task KillLibvirtdAsync(CancellationToken cancel = default)
    {
        var file = Path.Combine(_slot.Folder, "run", "libvirtd.pid");
        var pid = (await File.ReadAllTextAsync(file, cancel)).Trim();
        await RunAsync("kill", ["-KILL", pid], cancel);
        await Poll.UntilAsync("the end of libvirtd", c => EndedAsync(pid, c), cancel: cancel);
        File.Delete(file);
    }

    /// <summary>Joins two hosts by a link, as migration between them needs.</summary>
    /// <returns>The addresses on that link of this host and of the other.</returns>
    public async Task<(string Mine, string Theirs)> JoinAsync(LibvirtHost other, CancellationToken cancel = default)
    {
        if (_slot.Number > other._slot.Number)
        {
            var (theirs, mine) = await other.JoinAsync(this, cancel);
            return (mine, theirs);
        }
        var (left, right) = _slot.LinkTo(other._slot);
        var (leftName, rightName) = (Text($"to{other._slot.Number}"), Text($"to{_slot.Number}"));
        await Command.RunAsync("ip",
            ["link", "add", leftName, "netns", Id, "type", "veth", "peer", "name", rightName, "netns", other.Id], cancel);
        foreach (var (host, link, address, peer) in
            ((LibvirtHost, string, string, string)[])[(this, leftName, left, right), (other, rightName, right, left)])
        {
            await host.RunAsync("ip", ["address", "add", address, "peer", peer, "dev", link], cancel);
            await host.RunAsync("ip", ["link", "set", link, "up"], cancel);
        }
        await File.AppendAllTextAsync(Path.Combine(Folder, "hosts"), $"{right} {other.Name}\n", cancel);
        await File.AppendAllTextAsync(Path.Combine(other.Folder, "hosts"), $"{left} {Name}\n", cancel);
        return (left, right);
    }

    /// <summary>Ends every process of the host, guests included, and removes all it made.</summary>
    public async ValueTask DisposeAsync() => await FirstProcess.EndAsync(_first, _slot);

    internal HostSlot Slot => _slot;

    internal string Id => _first.Id.ToString(CultureInfo.InvariantCulture);

    private static Process StartFirstProcess(HostSlot slot, LibvirtHostOptions options)
    {
        var script = Path.Combine(Repository.Root, "tests", "StratusLab.Rig", "Hosts", "host.sh");
        string[] ssh = options.Ssh ? ["ssh"] : [];
        var start = new ProcessStartInfo("unshare",
            ["--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "--",
            "bash", script, slot.Folder, slot.Link, .. ssh])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("unshare did not start.");
    }

    private async Task ConnectAsync(CancellationToken cancel)
    {
        await Poll.UntilAsync($"the first processes of {Name}", () => _first.HasExited || File.Exists(Path.Combine(Folder, "up")), cancel: cancel);
        if (_first.HasExited)
            throw new InvalidOperationException($"The host did not start: {await _first.StandardError.ReadToEndAsync(cancel)}");

        await FirstProcess.LinkAsync(_first, _slot, RunAsync, cancel);
        await RunAsync("ip", ["route", "add", "default", "via", _slot.OutsideAddress], cancel);
        await Command.RunAsync("ip", ["route", "add", _slot.GuestPrefix + ".0/24", "via", _slot.HostAddress], cancel);
    }

    private async Task<bool> EndedAsync(string pid, CancellationToken cancel)
    {
        try
        {
            await RunAsync("kill", ["-0", pid], cancel);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
