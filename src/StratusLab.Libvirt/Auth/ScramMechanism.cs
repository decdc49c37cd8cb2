using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StratusLab.Libvirt.Auth;

/// <summary>SASL SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. The password never leaves, and the server proves that it knows it.</summary>
internal sealed class ScramMechanism : ISaslMechanism
{
    public const string MechanismName = "SCRAM-SHA-256";

    private const string Gs2Header = "n,,";
    private const int FewestIterations = 4_096;
    private const int MostIterations = 2_000_000;

    private readonly LibvirtCredential _credential;
    private readonly string _clientNonce;
    private readonly string _clientFirst;
    private byte[]? _serverSignature;

    public ScramMechanism(LibvirtCredential credential)
        : this(credential, Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)))
    {
    }

    /// <summary>With a nonce of the caller's, for the examples of RFC 7677.</summary>
    internal ScramMechanism(LibvirtCredential credential, string clientNonce)
    {
        _credential = credential;
        _clientNonce = clientNonce;
        var user = credential.UserName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
        _clientFirst = $"n={user},r={clientNonce}";
    }

    public string Name => MechanismName;

    public bool IsComplete { get; private set; }

    public byte[] Start() => Encoding.UTF8.GetBytes(Gs2Header + _clientFirst);

    public byte[]? Step(ReadOnlySpan<byte> challenge)
    {
        var message = Encoding.UTF8.GetString(challenge);
        return _serverSignature is null ? AnswerFirst(message) : VerifyFinal(message);
    }

    private byte[] AnswerFirst(string serverFirst)
    {
        var nonce = Attribute(serverFirst, 'r');
        if (!nonce.StartsWith(_clientNonce, StringComparison.Ordinal) || nonce.Length == _clientNonce.Length)
            throw new LibvirtProtocolException("The server's SCRAM nonce does not continue this client's.");
        if (!int.TryParse(Attribute(serverFirst, 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < FewestIterations or > MostIterations)
            throw new LibvirtProtocolException($"The server asks for a SCRAM iteration count that is not from {FewestIterations} to {MostIterations}.");
        var salt = Decode(Attribute(serverFirst, 's'));

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(_credential.Password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(Gs2Header))},r={nonce}";
        var authMessage = Encoding.UTF8.GetBytes($"{_clientFirst},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(salted, "Client Key"u8);
        var clientSignature = HMACSHA256.HashData(SHA256.HashData(proof), authMessage);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= clientSignature[i];
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    private byte[]? VerifyFinal(string serverFinal)
    {
        if (serverFinal.StartsWith("e=", StringComparison.Ordinal))
            throw new LibvirtConnectionException($"The server refused the SCRAM authentication of {_credential.UserName}.");
        if (!CryptographicOperations.FixedTimeEquals(Decode(Attribute(serverFinal, 'v')), _serverSignature))
            throw new LibvirtProtocolException("The server's SCRAM signature is wrong: it does not know the password, so it is not the server it claims to be.");
        IsComplete = true;
        return null;
    }

    private static string Attribute(string message, char name)
    {
        foreach (var part in message.Split(','))
        {
            if (part.Length >= 2 && part[0] == name && part[1] == '=')
                return part[2..];
        }

        throw new LibvirtProtocolException($"The server's SCRAM message lacks its attribute \"{name}\".");
    }

    private static byte[] Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > 0
            ? bytes[..length]
            : throw new LibvirtProtocolException("The server's SCRAM message holds an attribute that is not base64.");
    }
}
