using System.Management.Automation;
using StratusLab.Core;
using StratusLab.GridEngine;

namespace StratusLab.PowerShell.Commands;

/// <summary>Writes what Grid Engine needs for hosts that exist only while they are wanted.</summary>
[Cmdlet(VerbsCommon.New, "StratusGridEngineConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class NewStratusGridEngineConfigCommand : StratusCmdlet
{
    /// <summary>The folder to write the files into.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>What the names of the hosts begin with.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string NodeName { get; set; } = string.Empty;

    /// <summary>The most of them that there can be at once.</summary>
    [Parameter]
    public int Count { get; set; } = 20;

    /// <summary>Slots of each.</summary>
    [Parameter(Mandatory = true)]
    public int Cpu { get; set; }

    /// <summary>Memory of each machine.</summary>
    [Parameter(Mandatory = true)]
    [ByteSizeTransformation]
    public ByteSize Memory { get; set; }

    /// <summary>GPUs of each.</summary>
    [Parameter]
    public int Gpu { get; set; }

    /// <summary>The queue of the hosts that are always there.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string LocalQueue { get; set; } = "all.q";

    /// <summary>The queue of these hosts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string BurstQueue { get; set; } = "burst.q";

    /// <summary>The longest that a job may run there.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? MaxJobTime { get; set; }

    /// <summary>The cell's folder, of which the nodes are to be hosts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CellFolder { get; set; }

    /// <summary>Where the nodes reach qmaster.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Controller { get; set; }

    /// <summary>The folder of execd's own files on the nodes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExecdSpoolFolder { get; set; }

    /// <summary>How long a node goes on without a lease.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Lease { get; set; }

    /// <summary>The longest that a node lives.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var folder = FullPathOf(Path)!;
        var cell = FullPathOf(CellFolder);
        var configuration = new GridEngineConfiguration
        {
            NodeName = NodeName,
            Count = Count,
            Cpu = Cpu,
            Memory = Memory,
            Gpu = Gpu,
            LocalQueue = LocalQueue,
            BurstQueue = BurstQueue,
            MaxJobTime = MaxJobTime,
        };
        Run(async (pipeline, cancel) =>
        {
            foreach (var file in configuration.ToFiles(await NodesAsync(cell, cancel).ConfigureAwait(false)))
            {
                if (!await pipeline.ShouldProcessAsync(System.IO.Path.Combine(folder, file.Name), "Write").ConfigureAwait(false)) continue;
                await pipeline.WriteAsync(new FileInfo(await file.WriteAsync(folder, Force, cancel).ConfigureAwait(false))).ConfigureAwait(false);
            }
        });
    }

    private async Task<GridEngineNodeSetup?> NodesAsync(string? cell, CancellationToken cancellationToken)
    {
        string[] forNodes = [nameof(Controller), nameof(ExecdSpoolFolder), nameof(Lease), nameof(MaxLifetime)];
        if (cell is null)
        {
            return forNodes.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } name
                ? throw new InvalidInputException("GridEngineConfigurationInvalid", $"-{name} is for the nodes' user data, which needs -CellFolder: $SGE_ROOT/$SGE_CELL, such as /var/lib/gridengine/default.", nameof(CellFolder))
                : null;
        }

        var setup = await GridEngineNodeSetup.FromCellAsync(cell, cancellationToken).ConfigureAwait(false);
        return setup with
        {
            QmasterAddress = Controller,
            SpoolFolder = ExecdSpoolFolder ?? setup.SpoolFolder,
            Lease = Lease ?? setup.Lease,
            MaxLifetime = MaxLifetime ?? setup.MaxLifetime,
        };
    }
}
