using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The GPUs of an instance type, of one kind.</summary>
internal sealed record GpuInfo
{
    public GpuInfo(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "name":
                    Name = xml.Text();
                    break;
                case "manufacturer":
                    Manufacturer = xml.Text();
                    break;
                case "count":
                    Count = xml.Int();
                    break;
                case "memoryInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "sizeInMiB") MemoryMiB = xml.Int();
                    }

                    break;
            }
        }
    }

    public string Name { get; init; } = "";

    public string? Manufacturer { get; init; }

    public int Count { get; init; }

    public int MemoryMiB { get; init; }
}
