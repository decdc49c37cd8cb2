using StratusLab.Core;
using StratusLab.Ec2;

namespace StratusLab.SiteProcess;

/// <summary>Regions of EC2 at the prices of the emulator, where the provider itself knows none.</summary>
internal sealed class PricedEc2Factory : IComputeProviderFactory
{
    private readonly Ec2ProviderFactory _inner = new();

    public IReadOnlyCollection<string> Schemes => _inner.Schemes;

    public IComputeProvider Create(HostDefinition host, ICallJournal calls)
    {
        var provider = _inner.Create(host, calls);
        return provider.Capabilities.HasFlag(ProviderCapabilities.Priced) ? provider : new PricedEc2(provider);
    }
}
