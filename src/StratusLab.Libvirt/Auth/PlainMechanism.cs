using System.Text;

namespace StratusLab.Libvirt.Auth;

/// <summary>SASL PLAIN (RFC 4616): the password itself. Only offered where nobody can listen.</summary>
internal sealed class PlainMechanism(LibvirtCredential credential) : ISaslMechanism
{
    public const string MechanismName = "PLAIN";

    public string Name => MechanismName;

    public bool IsComplete => true;

    public byte[] Start() => Encoding.UTF8.GetBytes($"\0{credential.UserName}\0{credential.Password}");

    public byte[]? Step(ReadOnlySpan<byte> challenge) => null;
}
