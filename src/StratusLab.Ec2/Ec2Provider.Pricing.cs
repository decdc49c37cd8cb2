using StratusLab.Core;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider : IPricedHost
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<MachineOffer>> ListOffersAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(needs);
        var offers = await _offers.ListAsync(needs, cancellationToken).ConfigureAwait(false);
        return [.. offers.Select(offer => offer.Offer)];
    }
}
