namespace StratusLab.Core;

/// <summary>What a host must be able to do for a request, beyond running VMs.</summary>
public static class RequestNeeds
{
    /// <summary>The capabilities that the request needs, of those that say how a VM is bought and guarded.</summary>
    public static ProviderCapabilities Of(VmRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var needs = ProviderCapabilities.None;
        if (request.Market == VmMarket.Spot) needs |= ProviderCapabilities.Spot;
        if (request.RemoveOnShutdown) needs |= ProviderCapabilities.RemoveOnShutdown;
        if (request.OpenPorts is not null) needs |= ProviderCapabilities.Firewall;
        if (request.Gpu > 0 || request.MachineType is not null) needs |= ProviderCapabilities.MachineTypes;
        return needs;
    }
}
