using StratusLab.Core;
using StratusLab.Sim;

namespace StratusLab.Conformance.Tests;

/// <summary>A simulated host that can do everything.</summary>
public class SimHostUnderTest : HostUnderTest
{
    private readonly SimProviderFactory _factory = new();

    public override ImageContent Image { get; } = MemoryImage.Random(1 << 20);

    public override string UnmanagedName => "legacy-1";

    public override string Uri => "sim://lab?cpu=8&memory=8GB&storage=4GB&unmanaged=1";

    public override string UnreachableUri => "sim://nowhere?unreachable=true";

    public override IReadOnlyList<string> WrongUris { get; } =
        ["sim:lab", "sim://", "sim://lab/path", "sim://lab?cpu=none", "sim://lab?memory=8gigs", "sim://lab?boot=soon", "sim://lab?colour=red", "sim://lab?without=vms"];

    public override IComputeProviderFactory Factory => _factory;

    public override async Task<string> FootprintAsync()
    {
        await using var provider = Connect();
        var status = await provider.InspectAsync();
        return $"{status.VmCount} VMs, {status.StorageFree.Bytes} bytes free";
    }

    public override async Task LeaveHalfMadeAsync(VmRequest request)
    {
        var faults = _factory.FaultsOf(Uri);
        faults.InterruptCreate = request.Name;
        await using var provider = Connect();
        await foreach (var outcome in provider.CreateAsync([request]))
        {
            if (outcome.Succeeded) throw new InvalidOperationException("The creation was not interrupted.");
        }

        faults.InterruptCreate = null;
    }

    public override async Task InitializeAsync()
    {
        await using var provider = Connect();
        if (provider is IImageHost images && provider.Capabilities.HasFlag(ProviderCapabilities.Images)) await images.EnsureImageAsync(Image);
    }

    public override Task DisposeAsync() => Task.CompletedTask;
}
