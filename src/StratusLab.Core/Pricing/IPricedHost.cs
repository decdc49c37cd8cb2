namespace StratusLab.Core;

/// <summary>A host whose VMs cost money by the hour.</summary>
public interface IPricedHost
{
    /// <summary>
    /// The machines that a VM with these needs can run on, the cheapest first: those that <see cref="IComputeProvider.CreateAsync"/> tries, in its order.
    /// Empty if the host sells none. A type without a known price is not among them.
    /// </summary>
    Task<IReadOnlyList<MachineOffer>> ListOffersAsync(MachineNeeds needs, CancellationToken cancellationToken = default);
}
