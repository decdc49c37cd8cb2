using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace StratusLab.Oci;

/// <summary>
/// The credentials that <c>podman login</c>, <c>skopeo login</c> and <c>docker login</c> have stored for this user, also in their
/// credential helpers (containers-auth.json(5); Docker's <c>config.json</c>).
/// </summary>
public sealed class CredentialFiles : IRegistryCredentials
{
    private const int MaxLength = 1 << 20;
    private static readonly TimeSpan HelperPatience = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<string> _paths;

    /// <summary>Reads the files where the tools put them; the first that knows a registry counts.</summary>
    public CredentialFiles()
        : this([.. UsualPaths()])
    {
    }

    /// <summary>Reads these files; the first that knows a registry counts. One that is not there is passed over.</summary>
    public CredentialFiles(IReadOnlyList<string> paths) => _paths = paths;

    /// <inheritdoc/>
    /// <exception cref="RegistryException">A file cannot be read or is broken, or a helper failed; no secret is in the message.</exception>
    public async Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default)
    {
        foreach (var path in _paths)
        {
            if (await ReadAsync(path, cancellationToken).ConfigureAwait(false) is not { } file) continue;
            foreach (var key in KeysOf(registry))
            {
                var helper = file.CredHelpers?.GetValueOrDefault(key) ?? (file.Auths?.ContainsKey(key) == true ? file.CredsStore : null);
                if (helper is { Length: > 0 } && await AskAsync(helper, key, cancellationToken).ConfigureAwait(false) is { } asked) return asked;
                if (file.Auths?.GetValueOrDefault(key) is { } entry && Read(entry, path, key) is { } stored) return stored;
            }

            if (file.CredsStore is { Length: > 0 } store && await AskAsync(store, registry, cancellationToken).ConfigureAwait(false) is { } found) return found;
        }

        return null;
    }

    private static IEnumerable<string> UsualPaths()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (Variable("REGISTRY_AUTH_FILE") is { } said) yield return said;
        if (Variable("XDG_RUNTIME_DIR") is { } runtime) yield return Path.Combine(runtime, "containers", "auth.json");
        yield return Path.Combine(Variable("XDG_CONFIG_HOME") ?? Path.Combine(home, ".config"), "containers", "auth.json");
        yield return Path.Combine(Variable("DOCKER_CONFIG") ?? Path.Combine(home, ".docker"), "config.json");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // Docker writes its own registry as a URL, and older files write others so too.
    private static IEnumerable<string> KeysOf(string registry) => registry is "docker.io" or "registry-1.docker.io" or "index.docker.io"
        ? ["https://index.docker.io/v1/", "docker.io", "index.docker.io", registry]
        : [registry, $"https://{registry}", $"https://{registry}/", $"https://{registry}/v1/", $"https://{registry}/v2/"];

    private static async Task<CredentialFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (new FileInfo(path).Length > MaxLength) throw Broken($"The credential file '{path}' is longer than {MaxLength} bytes.");
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), RegistryJson.Default.CredentialFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken($"The credential file '{path}' cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            // The reader's own message can quote the file, and the file holds passwords.
            throw Broken($"The credential file '{path}' is not valid JSON at line {e.LineNumber + 1}.");
        }
    }

    private static RegistryCredential? Read(CredentialEntry entry, string path, string key)
    {
        if (entry.IdentityToken is { Length: > 0 } token) return RegistryCredential.FromIdentityToken(token);
        if (entry.Auth is not { Length: > 0 } auth)
            return entry is { UserName.Length: > 0, Password: not null } ? RegistryCredential.FromPassword(entry.UserName, entry.Password) : null;
        var bytes = new byte[auth.Length];
        var text = Convert.TryFromBase64String(auth, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0') : string.Empty;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? RegistryCredential.FromPassword(text[..colon], text[(colon + 1)..])
            : throw Broken($"The credential file '{path}' holds no user and password for {key}: its 'auth' is base64 of 'user:password'. Log in again.");
    }

    // The protocol of docker-credential-helpers: the registry on standard input, JSON on standard output, exit code 1 for "not known".
    private static async Task<RegistryCredential?> AskAsync(string helper, string registry, CancellationToken cancellationToken)
    {
        if (helper.AsSpan().ContainsAny('/', '\\')) throw Broken($"'{helper}' is not the name of a credential helper.");
        var program = $"docker-credential-{helper}";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HelperPatience);
        Process? process = null;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, ["get"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await WriteAsync(process.StandardInput, registry, deadline.Token).ConfigureAwait(false);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token).ConfigureAwait(false);
            await error.ConfigureAwait(false);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            if (process.ExitCode != 0)
                return output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase) ? null : throw Broken($"{program} ended with {process.ExitCode}.");
            var answer = JsonSerializer.Deserialize(output, RegistryJson.Default.HelperAnswer);
            return answer switch
            {
                { Secret: null or "" } or null => null,
                { Username: "<token>" or null or "" } => RegistryCredential.FromIdentityToken(answer.Secret),
                _ => RegistryCredential.FromPassword(answer.Username, answer.Secret),
            };
        }
        catch (Win32Exception e)
        {
            throw Broken($"{program}, which a credential file names for {registry}, cannot be started: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw Broken($"{program} gave an answer that cannot be understood.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Broken($"{program} gave no answer within {HelperPatience.TotalSeconds:0} s.");
        }
        finally
        {
            if (process is { HasExited: false }) process.Kill(entireProcessTree: true);
            process?.Dispose();
        }
    }

    private static async Task WriteAsync(StreamWriter input, string registry, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteLineAsync(registry.AsMemory(), cancellationToken).ConfigureAwait(false);
            input.Close();
        }
        catch (IOException)
        {
            // A helper may know its answer without reading the question.
        }
    }

    private static RegistryException Broken(string message) => new(RegistryErrorKind.Unauthorized, message);
}
