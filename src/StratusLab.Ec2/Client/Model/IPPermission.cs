using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Traffic that a security group lets through.</summary>
internal sealed record IPPermission : IQueryObject
{
    public IPPermission()
    {
    }

    public IPPermission(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "ipProtocol":
                    Protocol = xml.Text();
                    break;
                case "fromPort":
                    FromPort = xml.Int();
                    break;
                case "toPort":
                    ToPort = xml.Int();
                    break;
                case "ipRanges":
                    IPv4Ranges = xml.Items(static item => new IPv4Range(item));
                    break;
                case "ipv6Ranges":
                    IPv6Ranges = xml.Items(static item => new IPv6Range(item));
                    break;
                case "groups":
                    Groups = xml.Items(static item => new GroupReference(item));
                    break;
            }
        }
    }

    public string? Protocol { get; init; }

    public int? FromPort { get; init; }

    public int? ToPort { get; init; }

    public IReadOnlyList<IPv4Range> IPv4Ranges { get; init; } = [];

    public IReadOnlyList<IPv6Range> IPv6Ranges { get; init; } = [];

    public IReadOnlyList<GroupReference> Groups { get; init; } = [];

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("IpProtocol", Protocol);
        query.Add("FromPort", FromPort);
        query.Add("ToPort", ToPort);
        query.Add("IpRanges", IPv4Ranges);
        query.Add("Ipv6Ranges", IPv6Ranges);
        query.Add("Groups", Groups);
    }
}
