using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The members of a security group.</summary>
internal sealed record GroupReference : IQueryObject
{
    public GroupReference()
    {
    }

    public GroupReference(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "groupId":
                    GroupId = xml.Text();
                    break;
                case "userId":
                    UserId = xml.Text();
                    break;
                case "description":
                    Description = xml.Text();
                    break;
            }
        }
    }

    public string? GroupId { get; init; }

    public string? UserId { get; init; }

    public string? Description { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("GroupId", GroupId);
        query.Add("UserId", UserId);
        query.Add("Description", Description);
    }
}
