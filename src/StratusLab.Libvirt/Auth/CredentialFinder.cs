namespace StratusLab.Libvirt.Auth;

/// <summary>Finds credentials where libvirt's own client does: a file first, then whoever opens the connection is asked.</summary>
internal static class CredentialFinder
{
    public static async ValueTask<LibvirtCredential> FindAsync(LibvirtUri uri, LibvirtConnectionOptions options, string mechanism, CancellationToken cancellationToken)
    {
        var user = uri.User;
        if (FindFile(uri) is { } path)
        {
            var file = AuthFile.Parse(path, await ReadAsync(path, uri, cancellationToken).ConfigureAwait(false));
            var (fileUser, password) = file.Find(uri.Host ?? "localhost");
            user = fileUser ?? user;
            if (user is not null && password is not null)
                return new LibvirtCredential(user, password);
        }

        if (options.Credentials is { } ask && await ask(new LibvirtCredentialRequest(uri, mechanism, user), cancellationToken).ConfigureAwait(false) is { } credential)
            return credential;
        throw new LibvirtConnectionException($"The server at {uri.Endpoint} asks for a user name and password ({mechanism}) and none were given. Give them to the connection, or write them into a file named by ?authfile=PATH.");
    }

    private static string? FindFile(LibvirtUri uri)
    {
        if ((Environment.GetEnvironmentVariable("LIBVIRT_AUTH_FILE") ?? uri.AuthFile) is { Length: > 0 } named)
            return named;
        var configuration = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        string[] usual = [Path.Combine(configuration, "libvirt", "auth.conf"), "/etc/libvirt/auth.conf"];
        return Array.Find(usual, File.Exists);
    }

    private static async Task<string> ReadAsync(string path, LibvirtUri uri, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LibvirtConnectionException($"The file {path} with the credentials for {uri.Endpoint} cannot be read: {e.Message}", RequestState.NotSent, e);
        }
    }
}
