using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A security group by its names.</summary>
internal sealed record SecurityGroupName
{
    public SecurityGroupName(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "groupId":
                    GroupId = xml.Text();
                    break;
                case "groupName":
                    GroupName = xml.Text();
                    break;
            }
        }
    }

    public string GroupId { get; init; } = "";

    public string? GroupName { get; init; }
}
