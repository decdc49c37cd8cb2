using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Slurm;

namespace StratusLab.PowerShell.Commands;

/// <summary>Writes what Slurm needs for nodes that exist only while they are wanted.</summary>
[Cmdlet(VerbsCommon.New, "StratusSlurmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class NewStratusSlurmConfigCommand : BatchConfigCommand
{
    private readonly List<SlurmNodeClass> _classes = [];

    /// <summary>What the names of these nodes begin with.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string NodeName { get; set; } = string.Empty;

    /// <summary>The most of these nodes that there can be at once.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int Count { get; set; } = 20;

    /// <summary>CPUs of each.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public int Cpu { get; set; }

    /// <summary>Memory of each machine.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public ByteSize Memory { get; set; }

    /// <summary>GPUs of each.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int Gpu { get; set; }

    /// <summary>Features that jobs can ask for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] Feature { get; set; } = [];

    /// <summary>The partition of the nodes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Partition { get; set; } = "burst";

    /// <summary>The nodes that are never powered down.</summary>
    [Parameter]
    public string? LocalNode { get; set; }

    /// <summary>The folder of the hook's programs on the controller.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ProgramFolder { get; set; } = "/usr/local/libexec/stratuslab";

    /// <summary>The folder of requests on the controller.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string SpoolFolder { get; set; } = SlurmHook.DefaultSpoolFolder;

    /// <summary>How long a machine may take to register.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan BootTimeout { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>How long an idle node is kept.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan IdleHold { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a node that was given back may take to be gone.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan SuspendTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>The cluster's munge key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MungeKeyFile { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        _classes.Add(new SlurmNodeClass { Name = NodeName, Count = Count, Cpu = Cpu, Memory = Memory, Gpu = Gpu, Features = Feature });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var folder = FullPathOf(Path)!;
        var keyFile = FullPathOf(MungeKeyFile);
        var configuration = new SlurmConfiguration
        {
            NodeClasses = _classes,
            Partition = Partition,
            LocalNodes = LocalNode,
            ProgramFolder = ProgramFolder,
            BootTimeout = BootTimeout,
            IdleHold = IdleHold,
            SuspendTimeout = SuspendTimeout,
            MaxJobTime = MaxJobTime,
        };
        Run(async (pipeline, cancel) =>
        {
            if (Controller is null || keyFile is null)
                RefuseForNodes("SlurmConfigurationInvalid", "both, -Controller and -MungeKeyFile", nameof(Controller), nameof(MungeKeyFile), nameof(Lease), nameof(MaxLifetime));
            var nodes = keyFile is null ? null : await SlurmNodeSetup.FromKeyFileAsync(Controller!, keyFile, Lease, MaxLifetime, cancel).ConfigureAwait(false);
            await WriteFilesAsync(pipeline, folder, configuration.ToFiles(SpoolFolder, nodes), cancel).ConfigureAwait(false);
        });
    }
}
