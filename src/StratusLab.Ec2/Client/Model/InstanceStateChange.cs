using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>What a call did to the state of an instance.</summary>
internal sealed record InstanceStateChange
{
    public InstanceStateChange(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceId":
                    InstanceId = xml.Text();
                    break;
                case "currentState":
                    Current = new InstanceState(xml.TextOf("name") ?? "");
                    break;
                case "previousState":
                    Previous = new InstanceState(xml.TextOf("name") ?? "");
                    break;
            }
        }
    }

    public string InstanceId { get; init; } = "";

    public InstanceState Current { get; init; }

    public InstanceState Previous { get; init; }
}
