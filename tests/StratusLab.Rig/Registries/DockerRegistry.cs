using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Rig.Hosts;

namespace StratusLab.Rig.Registries;

/// <summary>A docker-registry of its own, with its own storage; ended and removed when disposed.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    /// <summary>The user that a registry with a password knows.</summary>
    public const string User = "publisher";

    /// <summary>The user's password.</summary>
    public const string Password = "open-sesame";

    // bcrypt of the password, the only kind that docker-registry takes.
    private const string PasswordFile = User + ":$2y$05$abcdefghijklmnopqrstuutXu9KzOt.1yBoZUeFWoT/914/JfszCO\n";

    private readonly string _folder;
    private readonly IPAddress _listening;
    private readonly string _configuration;
    private readonly TokenService? _tokens;
    private Process? _process;

    private DockerRegistry(string folder, IPAddress listening, int port, string configuration, TokenService? tokens)
    {
        _folder = folder;
        _listening = listening;
        Port = port;
        _configuration = configuration;
        _tokens = tokens;
    }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>Address and port, as in a reference.</summary>
    public string Address => $"{_listening}:{Port}";

    /// <summary>The authority of a registry with TLS; null for one without.</summary>
    public X509Certificate2Collection? Authorities { get; private init; }

    /// <summary>The folder that holds its contents.</summary>
    public string Storage => Path.Combine(_folder, "storage");

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="access">Who is let in.</param>
    /// <param name="tls">Whether it speaks TLS.</param>
    /// <param name="address">An address of this machine; null for the loopback.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<DockerRegistry> StartAsync(RegistryAccess access = RegistryAccess.Open, bool tls = false, string? address = null, CancellationToken cancel = default)
    {
        var listening = address is null ? IPAddress.Loopback : IPAddress.Parse(address);
        var folder = Directory.CreateTempSubdirectory("stratus-registry-").FullName;
        var port = FreePort(listening);
        var certificates = CertificateFolder.Create(folder, listening);
        var tokens = access == RegistryAccess.Token ? new TokenService(User, Password) : null;
        var configuration = Path.Combine(folder, "registry.yml");
        // A secret of its own lets uploads survive a restart, as they do in a real one behind several addresses.
        await File.WriteAllTextAsync(
            configuration,
            $$$"""
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: {{{folder}}}/storage}, delete: {enabled: true}}
            http:
              addr: {{{listening}}}:{{{port}}}
              secret: of-the-rig
            {{{(tls ? $"  tls: {{certificate: {certificates.Server}/servercert.pem, key: {certificates.Server}/serverkey.pem}}" : "")}}}
            {{{await AccessAsync(folder, access, tokens, cancel)}}}
            """,
            cancel);
        var registry = new DockerRegistry(folder, listening, port, configuration, tokens)
        {
            Authorities = tls ? [X509CertificateLoader.LoadCertificateFromFile(Path.Combine(certificates.Server, "cacert.pem"))] : null,
        };
        try
        {
            await registry.StartProcessAsync(cancel);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/>, with what it had stored.</summary>
    public async Task StartProcessAsync(CancellationToken cancel = default)
    {
        _process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", _configuration])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("docker-registry did not start.");
        var log = new Queue<string?>();
        void Keep(object _, DataReceivedEventArgs line)
        {
            lock (log)
            {
                log.Enqueue(line.Data);
                if (log.Count > 50)
                    log.Dequeue();
            }
        }

        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Poll.UntilAsync(
            "docker-registry to listen",
            async ct =>
            {
                if (_process.HasExited)
                    throw new InvalidOperationException($"docker-registry ended: {string.Join('\n', log)}");
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(_listening, Port, ct);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            cancel: cancel);
    }

    /// <summary>Ends the process at once; its contents stay.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_tokens is not null)
            await _tokens.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort(IPAddress address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<string> AccessAsync(string folder, RegistryAccess access, TokenService? tokens, CancellationToken cancel)
    {
        switch (access)
        {
            case RegistryAccess.Password:
                await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), PasswordFile, cancel);
                return $"auth: {{htpasswd: {{realm: rig, path: {folder}/htpasswd}}}}";
            case RegistryAccess.Token:
                await File.WriteAllTextAsync(Path.Combine(folder, "tokens.pem"), tokens!.CertificatePem, cancel);
                return $"auth: {{token: {{realm: \"{tokens.Realm}\", service: {TokenService.Service}, issuer: {TokenService.Issuer}, rootcertbundle: {folder}/tokens.pem}}}}";
            default:
                return "";
        }
    }
}
