using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>ssh public keys as users give them: the key, or the path of a <c>.pub</c> file.</summary>
internal static class PublicKeys
{
    private static readonly string[] Beginnings = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"];

    /// <summary>The keys, one line each; where none are given, the user's own from <c>~/.ssh/id_*.pub</c>.</summary>
    /// <exception cref="InvalidInputException">A file holds no public key, or a private one.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(string[]? given, string home, Func<string, string> resolve, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        foreach (var source in given ?? Own(home))
        {
            if (source.Contains("PRIVATE KEY", StringComparison.Ordinal)) throw PrivateKey("The text given");
            var text = await TextSource.ReadAsync(source, "SshKey", resolve, Beginnings, cancellationToken).ConfigureAwait(false);
            var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToArray();
            if (text.Contains("PRIVATE KEY", StringComparison.Ordinal)) throw PrivateKey($"'{source}'");
            if (lines.Length == 0 || Array.Exists(lines, line => !Array.Exists(Beginnings, b => line.StartsWith(b, StringComparison.Ordinal))))
                throw new InvalidInputException("InvalidSshKey", $"'{source}' holds no OpenSSH public key; one begins with ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa.", "SshKey");
            keys.AddRange(lines);
        }

        return keys.Distinct(StringComparer.Ordinal).ToArray();
    }

    private static IEnumerable<string> Own(string home)
    {
        var folder = Path.Combine(home, ".ssh");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "id_*.pub").Order(StringComparer.Ordinal) : [];
    }

    private static InvalidInputException PrivateKey(string source) =>
        new("PrivateKeyGiven", $"{source} is a private key, which must never leave this machine. Give the public one, mostly the file of the same name with .pub.", "SshKey");
}
