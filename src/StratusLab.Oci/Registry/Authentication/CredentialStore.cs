using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StratusLab.Oci;

/// <summary>A credential file in Docker's format that only its owner may read (containers-auth.json(5)), to be read and written.</summary>
/// <param name="path">The file; it need not be there.</param>
public sealed class CredentialStore(string path) : IRegistryCredentials
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <inheritdoc/>
    /// <exception cref="RegistryException">The file cannot be read or is broken; no secret is in the message.</exception>
    public Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default) => new CredentialFiles([path]).FindAsync(registry, cancellationToken);

    /// <summary>Keeps a credential for a registry in place of the one that it has.</summary>
    /// <param name="registry">Host name with port, as in a reference.</param>
    /// <param name="userName">The user's name, without a colon.</param>
    /// <param name="password">The password or access token.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="RegistryException">The file is broken.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public Task StoreAsync(string registry, string userName, string password, CancellationToken cancellationToken = default)
    {
        _ = RegistryCredential.FromPassword(userName, password);
        var entry = new JsonObject { ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")) };
        return ChangeAsync(auths => auths[registry] = entry, cancellationToken);
    }

    /// <summary>Forgets the credential for a registry.</summary>
    /// <exception cref="RegistryException">The file is broken.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public Task RemoveAsync(string registry, CancellationToken cancellationToken = default) =>
        File.Exists(path) ? ChangeAsync(auths => auths.Remove(registry), cancellationToken) : Task.CompletedTask;

    private async Task ChangeAsync(Action<JsonObject> change, CancellationToken cancellationToken)
    {
        using (await OciLock.TakeAsync($"{path}.lock", cancellationToken).ConfigureAwait(false))
        {
            var file = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (file["auths"] is not JsonObject auths) file["auths"] = auths = [];
            change(auths);
            // Readable by its owner alone from its first byte, and whole from the moment when it has its name.
            var fresh = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            try
            {
                var stream = new FileStream(fresh, options);
                await using (stream.ConfigureAwait(false))
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(file.ToJsonString()), cancellationToken).ConfigureAwait(false);
                }

                File.Move(fresh, path, overwrite: true);
            }
            finally
            {
                File.Delete(fresh);
            }
        }
    }

    private async Task<JsonObject> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return [];
        try
        {
            return JsonNode.Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)) as JsonObject ?? throw Broken(0);
        }
        catch (JsonException e)
        {
            // The reader's own message can quote the file, and the file holds passwords.
            throw Broken(e.LineNumber);
        }
    }

    private RegistryException Broken(long? line) =>
        new(RegistryErrorKind.Unauthorized, $"The credential file '{path}' is not valid JSON at line {line + 1}. Mend it, or remove it and give the credentials again.");
}
