using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Where an instance is put.</summary>
internal sealed record Placement : IQueryObject
{
    public Placement()
    {
    }

    public Placement(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "availabilityZone":
                    AvailabilityZone = xml.Text();
                    break;
                case "groupName":
                    GroupName = xml.Text();
                    break;
                case "tenancy":
                    Tenancy = new Tenancy(xml.Text());
                    break;
                case "partitionNumber":
                    PartitionNumber = xml.Int();
                    break;
            }
        }
    }

    public string? AvailabilityZone { get; init; }

    public string? GroupName { get; init; }

    public Tenancy? Tenancy { get; init; }

    public int? PartitionNumber { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("AvailabilityZone", AvailabilityZone);
        query.Add("GroupName", GroupName);
        query.Add("Tenancy", Tenancy?.Value);
        query.Add("PartitionNumber", PartitionNumber);
    }
}
