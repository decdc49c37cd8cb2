using System.Buffers.Binary;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>OpenSSH public keys, one line each (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). No error quotes a key: it may be a private one.</summary>
internal static class SshKeyValidation
{
    private static readonly string[] Types =
    [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ];

    /// <summary>The key without white space around it.</summary>
    /// <param name="key">The text.</param>
    /// <param name="number">Which key it is, from 1, for the error.</param>
    public static string Validate(string key, int number)
    {
        var line = key.Trim();
        if (line.Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase))
            throw Bad("SshKeyIsPrivate", number, "is a private key. Give the public one, from the file that ends with .pub; the private key was neither stored nor sent.");
        if (line.Any(char.IsControl)) throw Bad("InvalidSshKey", number, "has more than one line. Give the text of one public key.");
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !Types.Contains(parts[0]))
            throw Bad("InvalidSshKey", number, $"is not an OpenSSH public key: it begins with its type ({string.Join(", ", Types.Take(3))}, …), then the key in base64.");
        if (!IsKeyOf(parts[0], parts[1])) throw Bad("InvalidSshKey", number, $"is damaged: what follows '{parts[0]}' is not a key of that type in base64.");
        return line;
    }

    // The key says its own type once more, length first (RFC 4253, section 6.6).
    private static bool IsKeyOf(string type, string base64)
    {
        var blob = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, blob, out var count)
            && count > 4 + type.Length
            && BinaryPrimitives.ReadInt32BigEndian(blob) == type.Length
            && Encoding.ASCII.GetString(blob, 4, type.Length) == type;
    }

    private static InvalidInputException Bad(string id, int number, string why) => new(id, $"The ssh key number {number} {why}", "SshKeys");
}
