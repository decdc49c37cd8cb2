using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Why a fleet could not launch from one pool.</summary>
internal sealed record FleetError
{
    public FleetError(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "errorCode":
                    Code = xml.Text();
                    break;
                case "errorMessage":
                    Message = xml.Text();
                    break;
                case "lifecycle":
                    Lifecycle = new UsageClass(xml.Text());
                    break;
            }
        }
    }

    public string Code { get; init; } = "";

    public string? Message { get; init; }

    public UsageClass Lifecycle { get; init; }
}
