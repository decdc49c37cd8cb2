namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>Traffic that a group lets in from one source.</summary>
public sealed record EmulatedRule(string Id, string Protocol, int? From, int? To, string? Cidr4, string? Cidr6, string? GroupId, string? Description)
{
    /// <summary>What makes two rules the same.</summary>
    public (string, int?, int?, string?, string?, string?) Meaning => (Protocol, From, To, Cidr4, Cidr6, GroupId);
}
