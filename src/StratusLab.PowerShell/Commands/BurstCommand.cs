using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;
using StratusLab.Slurm;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that is told all of a burst: where its nodes come from, by which policy, and for which batch system.</summary>
public abstract class BurstCommand : JobCmdlet
{
    private protected const string ByBatchSystem = "BatchSystem";
    private protected const string ByScript = "Script";

    /// <summary>The burst's name.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(BurstNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "burst";

    /// <summary>The host that runs the nodes.</summary>
    [Parameter(Mandatory = true)]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string HostName { get; set; } = string.Empty;

    /// <summary>What nodes boot.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = string.Empty;

    /// <summary>What may be spent in a day.</summary>
    [Parameter]
    public decimal? DailyBudget { get; set; }

    /// <summary>A policy, the name of a preset, or the path of a policy file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? Policy { get; set; }

    /// <summary>The most nodes at once.</summary>
    [Parameter]
    public int? MaxNodes { get; set; }

    /// <summary>What nodes are told at their first boot.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserData { get; set; }

    /// <summary>Networks that nodes join.</summary>
    [Parameter]
    public string[] Network { get; set; } = [];

    /// <summary>The batch system whose jobs may burst.</summary>
    [Parameter(ParameterSetName = ByBatchSystem)]
    public BurstBatchSystem BatchSystem { get; set; }

    /// <summary>Grid Engine's queue of the nodes that are always there.</summary>
    [Parameter(ParameterSetName = ByBatchSystem)]
    [ValidateNotNullOrEmpty]
    public string LocalQueue { get; set; } = "all.q";

    /// <summary>Grid Engine's queue of burst nodes.</summary>
    [Parameter(ParameterSetName = ByBatchSystem)]
    [ValidateNotNullOrEmpty]
    public string BurstQueue { get; set; } = "burst.q";

    /// <summary>A file into which the addresses of Grid Engine's burst nodes are written.</summary>
    [Parameter(ParameterSetName = ByBatchSystem)]
    [ValidateNotNullOrEmpty]
    public string? HostsFile { get; set; }

    /// <summary>The configuration that Slurm's commands read.</summary>
    [Parameter(ParameterSetName = ByBatchSystem)]
    public string? SlurmConfig { get; set; }

    /// <summary>The folder of Slurm's hook.</summary>
    [Parameter(ParameterSetName = ByBatchSystem)]
    public string? SpoolFolder { get; set; }

    /// <summary>Tells of the jobs of another batch system.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByScript)]
    public ScriptBlock? PendingScript { get; set; }

    /// <summary>Size of a node.</summary>
    [Parameter(ParameterSetName = ByScript)]
    [ArgumentCompleter(typeof(SizeNameCompleter))]
    public string? Size { get; set; }

    /// <summary>The host's type of machine for a node.</summary>
    [Parameter]
    public string? MachineType { get; set; }

    /// <summary>Whether nodes are bought on the spot market first.</summary>
    [Parameter]
    public SwitchParameter Spot { get; set; }

    /// <summary>What a node counts for an hour on a host without prices.</summary>
    [Parameter]
    public decimal PricePerHour { get; set; }

    private protected async Task<BurstDefinition> DefineAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var given = Policy is PSObject wrapped ? wrapped.BaseObject : Policy;
        var policy = given is null ? BurstPolicy.PredictedWait : await PolicySource.ReadAsync(given, given is string text ? FullPathOf(text) : null, cancellationToken).ConfigureAwait(false);
        if (DailyBudget is { } budget) policy = policy with { DailyBudget = budget };
        if (MaxNodes is { } count) policy = policy with { MaxNodes = count };
        CheckBatchSystem();
        if (IsGridEngine) policy = policy with { LocalPartition = LocalQueue, BurstPartition = BurstQueue };
        var classes = new List<BurstNodeClass>();
        if (PendingScript is not null)
        {
            var size = await site.Sizes.GetAsync(Size ?? "small", cancellationToken).ConfigureAwait(false);
            classes.Add(new BurstNodeClass
            {
                Name = MachineType ?? size.Name,
                Nodes = VmNaming.Expand(Name, policy.MaxNodes),
                Cpu = size.Cpu,
                Memory = size.Memory,
                Disk = size.Disk,
                MachineType = MachineType,
                Markets = Spot ? [VmMarket.Spot, VmMarket.OnDemand] : [VmMarket.OnDemand],
                PricePerHour = PricePerHour,
            });
        }

        return new BurstDefinition { Name = Name, HostName = HostName, Image = Image, Policy = policy, Classes = classes, Networks = Network, MachineType = MachineType, IsSpot = Spot, PricePerHour = PricePerHour };
    }

    private bool IsGridEngine => PendingScript is null && BatchSystem is BurstBatchSystem.GridEngine;

    // What is meant for the other batch system would be passed over in silence.
    private void CheckBatchSystem()
    {
        string[] foreign = IsGridEngine ? [nameof(SlurmConfig), nameof(SpoolFolder)] : [nameof(LocalQueue), nameof(BurstQueue), nameof(HostsFile)];
        if (foreign.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name)
            throw new InvalidInputException("BurstParameterForeign", $"-{name} means nothing to {BatchSystem}: leave it out, or say -BatchSystem {(IsGridEngine ? BurstBatchSystem.Slurm : BurstBatchSystem.GridEngine)}.", name);
        if (IsGridEngine && BurstQueue == LocalQueue)
            throw new InvalidInputException("BurstQueueLocal", $"-BurstQueue is '{BurstQueue}', the local queue too. Right is a queue that has burst nodes alone; New-StratusGridEngineConfig writes a script that makes one.", nameof(BurstQueue));
    }

    private protected BurstLink Link() => PendingScript is { } script
        ? BurstLink.ToScript(script, SessionState.Path.CurrentFileSystemLocation.Path)
        : IsGridEngine ? BurstLink.ToGridEngine(BurstQueue, FullPathOf(HostsFile))
        : BurstLink.ToSlurm(FullPathOf(SlurmConfig), FullPathOf(SpoolFolder) ?? SlurmHook.DefaultSpoolFolder);
}
