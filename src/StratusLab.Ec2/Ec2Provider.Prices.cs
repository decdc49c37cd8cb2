using StratusLab.Core;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<MachineOffer>> ListOffersAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(needs);
        return [.. (await _book.ListAsync(needs, cancellationToken).ConfigureAwait(false)).Select(zoned => zoned.Offer)];
    }
}
