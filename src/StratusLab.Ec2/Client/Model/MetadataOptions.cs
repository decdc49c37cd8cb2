using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The instance metadata service of an instance.</summary>
internal sealed record MetadataOptions : IQueryObject
{
    public TokenUse? HttpTokens { get; init; }

    public int? HttpPutResponseHopLimit { get; init; }

    public string? HttpEndpoint { get; init; }

    public string? InstanceMetadataTags { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("HttpTokens", HttpTokens?.Value);
        query.Add("HttpPutResponseHopLimit", HttpPutResponseHopLimit);
        query.Add("HttpEndpoint", HttpEndpoint);
        query.Add("InstanceMetadataTags", InstanceMetadataTags);
    }
}
