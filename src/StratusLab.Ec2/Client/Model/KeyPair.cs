using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A public key that EC2 keeps.</summary>
internal sealed record KeyPair
{
    public KeyPair(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "keyPairId":
                    KeyPairId = xml.Text();
                    break;
                case "keyName":
                    KeyName = xml.Text();
                    break;
                case "keyFingerprint":
                    Fingerprint = xml.Text();
                    break;
                case "keyType":
                    KeyType = xml.Text();
                    break;
                case "publicKey":
                    PublicKey = xml.Text();
                    break;
                case "createTime":
                    CreateTime = xml.Time();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string KeyPairId { get; init; } = "";

    public string KeyName { get; init; } = "";

    public string? Fingerprint { get; init; }

    public string? KeyType { get; init; }

    public string? PublicKey { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
