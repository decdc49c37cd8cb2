using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The volume behind a disk.</summary>
internal sealed record EbsBlockDevice : IQueryObject
{
    public EbsBlockDevice()
    {
    }

    public EbsBlockDevice(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "snapshotId":
                    SnapshotId = xml.Text();
                    break;
                case "volumeSize":
                    SizeGiB = xml.Int();
                    break;
                case "volumeType":
                    VolumeType = new VolumeType(xml.Text());
                    break;
                case "iops":
                    Iops = xml.Int();
                    break;
                case "throughput":
                    Throughput = xml.Int();
                    break;
                case "encrypted":
                    Encrypted = xml.Bool();
                    break;
                case "kmsKeyId":
                    KmsKeyId = xml.Text();
                    break;
                case "deleteOnTermination":
                    DeleteOnTermination = xml.Bool();
                    break;
            }
        }
    }

    public string? SnapshotId { get; init; }

    public int? SizeGiB { get; init; }

    public VolumeType? VolumeType { get; init; }

    public int? Iops { get; init; }

    public int? Throughput { get; init; }

    public bool? Encrypted { get; init; }

    public string? KmsKeyId { get; init; }

    public bool? DeleteOnTermination { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("SnapshotId", SnapshotId);
        query.Add("VolumeSize", SizeGiB);
        query.Add("VolumeType", VolumeType?.Value);
        query.Add("Iops", Iops);
        query.Add("Throughput", Throughput);
        query.Add("Encrypted", Encrypted);
        query.Add("KmsKeyId", KmsKeyId);
        query.Add("DeleteOnTermination", DeleteOnTermination);
    }
}
