using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>IPv4 addresses.</summary>
internal sealed record IPv4Range : IQueryObject
{
    public IPv4Range()
    {
    }

    public IPv4Range(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "cidrIp":
                    Cidr = xml.Text();
                    break;
                case "description":
                    Description = xml.Text();
                    break;
            }
        }
    }

    public string? Cidr { get; init; }

    public string? Description { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("CidrIp", Cidr);
        query.Add("Description", Description);
    }
}
