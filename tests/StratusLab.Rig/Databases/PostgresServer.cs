using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Rig.Databases;

/// <summary>A PostgreSQL server of its own on a socket in a folder of its own, and on the loopback with passwords; ended and removed when disposed, and also when this process is killed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The user of the sites.</summary>
    public const string User = "stratus";

    private const string SystemUser = "postgres";
    private readonly string _folder;
    private readonly Process _keeper;
    private int _databases;

    private PostgresServer(string folder, Process keeper, int port)
    {
        _folder = folder;
        _keeper = keeper;
        Port = port;
    }

    /// <summary>The TCP port on the loopback, where passwords are asked for.</summary>
    public int Port { get; }

    /// <summary>The socket, on which nobody is asked for a password.</summary>
    public string Socket => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}"));

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancel = default)
    {
        var folder = Directory.CreateTempSubdirectory("stratus-pg-").FullName;
        if (Environment.IsPrivilegedProcess) await Command.RunAsync("chown", [SystemUser, folder], cancel);
        var server = new PostgresServer(folder, StartKeeper(folder), FreePort());
        try
        {
            await server.RunAsync("initdb", ["-D", server.Data, "-U", User, "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"], cancel);
            await File.WriteAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n", cancel);
            await server.ResumeAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again.</summary>
    public Task ResumeAsync(CancellationToken cancel = default) => RunAsync(
        "pg_ctl",
        ["-D", Data, "-w", "-s", "-l", Path.Combine(_folder, "log"), "-o", string.Create(CultureInfo.InvariantCulture, $"-k {_folder} -p {Port} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"), "start"],
        cancel);

    /// <summary>Ends it, and with it all connections.</summary>
    public Task StopAsync(CancellationToken cancel = default) => RunAsync("pg_ctl", ["-D", Data, "-w", "-s", "-m", "immediate", "stop"], cancel);

    /// <summary>Makes an empty database.</summary>
    /// <param name="options">What CREATE DATABASE takes.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Its address.</returns>
    public async Task<string> CreateDatabaseAsync(string options = "", CancellationToken cancel = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"site{Interlocked.Increment(ref _databases)}");
        await SqlAsync("postgres", $"CREATE DATABASE {name} {options}", cancel);
        return $"postgresql://{User}@/{name}?host={Uri.EscapeDataString(_folder)}&port={Port}";
    }

    /// <summary>The name of a database, of its address.</summary>
    public static string NameOf(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new Uri(address.Replace("@/", "@socket/", StringComparison.Ordinal)).AbsolutePath.Trim('/');
    }

    /// <summary>Runs SQL by the server's own client.</summary>
    public Task<string> SqlAsync(string database, string sql, CancellationToken cancel = default) => Command.RunAsync(
        "psql", ["-h", _folder, "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql], cancel);

    /// <summary>Has it show a certificate to who wants TLS from now on.</summary>
    public async Task EnableTlsAsync(X509Certificate2 certificate, ECDsa key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        foreach (var (name, text) in new[] { ("server.crt", certificate.ExportCertificatePem()), ("server.key", key.ExportPkcs8PrivateKeyPem()) })
        {
            var path = Path.Combine(Data, name);
            await File.WriteAllTextAsync(path, text, cancel);
            await Command.RunAsync("chmod", ["600", path], cancel);
            if (Environment.IsPrivilegedProcess) await Command.RunAsync("chown", [SystemUser, path], cancel);
        }

        await SqlAsync("postgres", "ALTER SYSTEM SET ssl = on", cancel);
        await SqlAsync("postgres", "SELECT pg_reload_conf()", cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private static Process StartKeeper(string folder) => Process.Start(
        new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "tests", "StratusLab.Rig", "Databases", "keeper.sh"), folder]) { UseShellExecute = false, RedirectStandardInput = true })
        ?? throw new InvalidOperationException("bash did not start.");

    // The server refuses to be root.
    private Task<string> RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var path = Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program)).LastOrDefault(File.Exists) ?? program;
        return Environment.IsPrivilegedProcess
            ? Command.RunAsync("setpriv", [$"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", "--", path, .. arguments], cancel)
            : Command.RunAsync(path, arguments, cancel);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
