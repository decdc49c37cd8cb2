using System.Management.Automation;
using StratusLab.Core;
using StratusLab.GridEngine;

namespace StratusLab.PowerShell.Commands;

/// <summary>Writes what Grid Engine needs for hosts that exist only while they are wanted.</summary>
[Cmdlet(VerbsCommon.New, "StratusGridEngineConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class NewStratusGridEngineConfigCommand : BatchConfigCommand
{
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

    /// <summary>The cell's folder, of which the nodes are to be hosts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CellFolder { get; set; }

    /// <summary>The folder of execd's own files on the nodes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExecdSpoolFolder { get; set; }

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
            await WriteFilesAsync(pipeline, folder, configuration.ToFiles(await NodesAsync(cell, cancel).ConfigureAwait(false)), cancel).ConfigureAwait(false));
    }

    private async Task<GridEngineNodeSetup?> NodesAsync(string? cell, CancellationToken cancellationToken)
    {
        if (cell is null)
        {
            RefuseForNodes("GridEngineConfigurationInvalid", "-CellFolder: $SGE_ROOT/$SGE_CELL, such as /var/lib/gridengine/default", nameof(Controller), nameof(ExecdSpoolFolder), nameof(Lease), nameof(MaxLifetime));
            return null;
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
