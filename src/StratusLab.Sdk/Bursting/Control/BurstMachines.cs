using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The VMs behind burst nodes: planned, journalled and made by the site as any others are, with a request that a replay repeats.</summary>
internal sealed class BurstMachines(VmService vms, HostRegistry hosts, SiteJournal journal, SiteRecovery recovery, string site)
{
    private const string BurstLabel = "burst";
    private const string GenerationLabel = "burst-generation";
    private bool _hasInspected;

    /// <summary>The request by which the host knows a launch, the same whenever it is repeated.</summary>
    public Guid RequestOf(BurstNodeRecord node) => new(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{site}\n{node.Burst}\n{node.Name}\n{node.Generation}\n{node.Attempt}"))).AsSpan(0, 16));

    /// <summary>How long a VM may be missing from the host's listing, as the host said when it was listed last.</summary>
    public TimeSpan ListingDelay { get; private set; }

    /// <summary>Lets the site's journal find out what became of work on the host that was cut short.</summary>
    public async Task SettleAsync(BurstDefinition burst, CancellationToken cancellationToken) => await recovery.SettleAsync([burst.HostName], cancellationToken).ConfigureAwait(false);

    /// <summary>The host's VMs that carry the burst's marks and this site's.</summary>
    /// <exception cref="StratusException">The host did not answer, or not to the end.</exception>
    public async Task<IReadOnlyList<VirtualMachine>> ListAsync(BurstDefinition burst, CancellationToken cancellationToken)
    {
        var found = new List<VirtualMachine>();
        if (!_hasInspected)
        {
            var provider = await hosts.ConnectAsync(burst.HostName, cancellationToken).ConfigureAwait(false);
            ListingDelay = (await provider.InspectAsync(cancellationToken).ConfigureAwait(false)).ListingDelay;
            _hasInspected = true;
        }

        var filter = new VmFilter { HostNames = [burst.HostName], Fleet = burst.Name };
        await foreach (var vm in vms.ListAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
            if (vm.Site == site && vm.Labels.ContainsKey(BurstLabel)) found.Add(vm);
        return found;
    }

    /// <summary>Launches nodes of one class and market, whose intents are in the ledger. One outcome per node, by its request.</summary>
    public async IAsyncEnumerable<VmOutcome> LaunchAsync(
        BurstDefinition burst, BurstNodeClass shape, IReadOnlyList<BurstNodeRecord> nodes, string? userData, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var byName = nodes.ToDictionary(n => n.Name, StringComparer.OrdinalIgnoreCase);
        VmPlan? plan = null;
        StratusException? failure = null;
        var capabilities = (await hosts.ConnectAsync(burst.HostName, cancellationToken).ConfigureAwait(false)).Capabilities;
        try
        {
            plan = await vms.PlanAsync(SpecificationOf(burst, shape, nodes, userData, capabilities), cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            failure = e;
        }

        // That there is no room or no name for a node, or no answer now, says nothing of a launch that may have been made before.
        var made = await journal.FindCreationsAsync([.. nodes.Select(n => n.RequestId!.Value)], cancellationToken).ConfigureAwait(false);
        var refused = plan is null ? nodes.Select(n => (Node: n, Error: failure!)) : plan.Refused.Select(r => (Node: byName[r.Name], r.Error));
        foreach (var (node, error) in refused) yield return Told(new VmOutcome { Id = null, RequestId = node.RequestId, Error = error });
        if (plan is null) yield break;
        var requests = plan.Vms.Select(v => v with { Request = RequestFor(v.Request, byName[v.Request.Name], userData, capabilities) }).ToList();
        await foreach (var outcome in vms.CreateAsync(requests, cancellationToken: cancellationToken).ConfigureAwait(false)) yield return Told(outcome);

        VmOutcome Told(VmOutcome outcome) => outcome is { Error: { } error, RequestId: { } request } && made.Contains(request) ? outcome with { Error = InDoubt(error) } : outcome;
    }

    /// <summary>Removes VMs at once: nothing runs on them any more, or they are to go all the same.</summary>
    public IAsyncEnumerable<VmOutcome> RemoveAsync(IReadOnlyList<VmId> machines, CancellationToken cancellationToken) =>
        vms.RemoveAsync(machines, new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }, cancellationToken: cancellationToken);

    /// <summary>The memory to ask for: a type of machine is chosen by what is to be in it, any other is made with what is asked.</summary>
    public static ByteSize MemoryOf(BurstNodeClass shape, ProviderCapabilities capabilities) =>
        capabilities.HasFlag(ProviderCapabilities.MachineTypes) || shape.MachineMemory.Bytes == 0 ? shape.Memory : shape.MachineMemory;

    private static HostConnectionException InDoubt(StratusException error) =>
        new("LaunchInDoubt", $"An earlier launch may have made it: {error.Message}", RequestState.Unknown, error);

    private static VmSpecification SpecificationOf(BurstDefinition burst, BurstNodeClass shape, IReadOnlyList<BurstNodeRecord> nodes, string? userData, ProviderCapabilities capabilities) => new()
    {
        Image = burst.Image,
        Names = [.. nodes.Select(n => n.Name)],
        Cpu = shape.Cpu,
        Memory = MemoryOf(shape, capabilities),
        Disk = shape.Disk,
        HostNames = [burst.HostName],
        Networks = burst.Networks,
        SshKeys = burst.SshKeys,
        UserData = userData,
        Labels = new Dictionary<string, string> { [BurstLabel] = burst.Name },
        Fleet = burst.Name,
        Market = nodes[0].Market,
        MachineType = shape.MachineType,
        Gpu = shape.Gpu,
        MaxHourlyPrice = capabilities.HasFlag(ProviderCapabilities.Priced) ? nodes.Max(n => n.PricePerHour) : null,
        RemoveOnShutdown = capabilities.HasFlag(ProviderCapabilities.RemoveOnShutdown),
    };

    private static VmRequest RequestFor(VmRequest request, BurstNodeRecord node, string? userData, ProviderCapabilities capabilities) => request with
    {
        RequestId = node.RequestId!.Value,
        Labels = new Dictionary<string, string>(request.Labels) { [GenerationLabel] = node.Generation.ToString(CultureInfo.InvariantCulture) },
        Guest = request.Guest with
        {
            UserData = userData?.Replace("{{node}}", node.Name, StringComparison.Ordinal).Replace("{{burst}}", node.Burst, StringComparison.Ordinal),
        },

        // A replay asks for the same, to the letter.
        CreatedAt = node.LaunchedAt!.Value,
        MaxHourlyPrice = capabilities.HasFlag(ProviderCapabilities.Priced) ? node.PricePerHour : null,
    };
}
