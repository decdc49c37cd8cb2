using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Asks for an instance of a market other than on demand.</summary>
internal sealed record InstanceMarketOptions : IQueryObject
{
    public required MarketType MarketType { get; init; }

    public string? MaxPrice { get; init; }

    public string? SpotRequestType { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public InterruptionBehavior? InterruptionBehavior { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("MarketType", MarketType.Value);
        query.Add("SpotOptions.MaxPrice", MaxPrice);
        query.Add("SpotOptions.SpotInstanceType", SpotRequestType);
        query.Add("SpotOptions.ValidUntil", ValidUntil);
        query.Add("SpotOptions.InstanceInterruptionBehavior", InterruptionBehavior?.Value);
    }
}
