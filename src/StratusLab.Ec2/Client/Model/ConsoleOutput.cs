using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>What an instance wrote to its serial console.</summary>
internal sealed record ConsoleOutput
{
    public ConsoleOutput(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceId":
                    InstanceId = xml.Text();
                    break;
                case "output":
                    EncodedOutput = xml.Text();
                    break;
                case "timestamp":
                    At = xml.Time();
                    break;
            }
        }
    }

    public string InstanceId { get; init; } = "";

    public string? EncodedOutput { get; init; }

    public DateTimeOffset? At { get; init; }
}
