using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>What a spot instance cost from a moment on.</summary>
internal sealed record SpotPrice
{
    public SpotPrice(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceType":
                    InstanceType = xml.Text();
                    break;
                case "availabilityZone":
                    AvailabilityZone = xml.Text();
                    break;
                case "productDescription":
                    ProductDescription = xml.Text();
                    break;
                case "spotPrice":
                    Price = xml.Decimal();
                    break;
                case "timestamp":
                    At = xml.Time();
                    break;
            }
        }
    }

    public string InstanceType { get; init; } = "";

    public string AvailabilityZone { get; init; } = "";

    public string? ProductDescription { get; init; }

    public decimal Price { get; init; }

    public DateTimeOffset? At { get; init; }
}
