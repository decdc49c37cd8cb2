using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A public key just handed to EC2.</summary>
internal sealed record ImportedKeyPair
{
    public ImportedKeyPair(Ec2XmlReader xml)
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
            }
        }
    }

    public string KeyPairId { get; init; } = "";

    public string KeyName { get; init; } = "";

    public string? Fingerprint { get; init; }
}
