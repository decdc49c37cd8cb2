namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A subnet; each zone has one.</summary>
public sealed class EmulatedSubnet
{
    public required string Id { get; init; }
    public required string VpcId { get; init; }
    public required string Zone { get; init; }
    public required int Number { get; init; }
    /// <summary>The first two bytes of the network's addresses.</summary>
    public required string Prefix { get; init; }

    public int Used { get; set; }
    public string Cidr => $"{Prefix}.{Number * 16}.0/20";
    public int Available => 4091 - Used;
    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>An address that nobody had.</summary>
    public string NextAddress()
    {
        var next = 4 + Used++;
        return $"{Prefix}.{(Number * 16) + (next >> 8)}.{next & 255}";
    }
}
