using System.Collections;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists the VMs of all hosts.</summary>
[Cmdlet(VerbsCommon.Get, "StratusVM", DefaultParameterSetName = ByName)]
[OutputType(typeof(VirtualMachine))]
public sealed class GetStratusVMCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByVM = "VM";
    private const string ByHost = "Host";

    private readonly VmSelection _selection = new();

    /// <summary>Names of VMs, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>VMs to be looked up again.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByVM)]
    public VirtualMachine[] VM { get; set; } = [];

    /// <summary>Hosts whose VMs are wanted, as <c>Get-StratusHost</c> gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByHost)]
    public StratusHost[] InputObject { get; set; } = [];

    /// <summary>Hosts, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    public string[]? HostName { get; set; }

    /// <summary>Labels that the VMs must have; a value may have wildcards.</summary>
    [Parameter]
    public Hashtable? Label { get; set; }

    /// <summary>Also VMs that StratusLab did not make.</summary>
    [Parameter]
    public SwitchParameter IncludeUnmanaged { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ByVM: _selection.Add(VM.Select(vm => vm.Name), [.. VM.Select(vm => vm.Host)]); break;
            case ByHost: _selection.Add(["*"], [.. InputObject.Select(host => host.Name)]); break;
            default: _selection.Add(Name, HostName); break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Run(async (pipeline, site, cancel) =>
        {
            var filter = new VmFilter { Labels = Labels.From(Label), IncludeUnmanaged = IncludeUnmanaged };
            await _selection.FindAsync(site, pipeline, filter, pipeline.WriteAsync, cancel).ConfigureAwait(false);
        });
}
