using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>IPv6 addresses.</summary>
internal sealed record IPv6Range : IQueryObject
{
    public IPv6Range()
    {
    }

    public IPv6Range(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "cidrIpv6":
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
        query.Add("CidrIpv6", Cidr);
        query.Add("Description", Description);
    }
}
