using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Why a resource is in its state.</summary>
internal sealed record StateReason
{
    public StateReason(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "code":
                    Code = xml.Text();
                    break;
                case "message":
                    Message = xml.Text();
                    break;
            }
        }
    }

    public string Code { get; init; } = "";

    public string? Message { get; init; }
}
