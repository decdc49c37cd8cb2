using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that does something with VMs that are there: gathers them over the pipeline, asks for each, and works on all at once.</summary>
public abstract class VmCommand : JobCmdlet
{
    // The set of a piped VM is the default one: PowerShell tries the default set's property names before it looks at other sets' types,
    // and a VM would be looked up by its name instead of being taken as it is.
    private protected const string ByName = "Name";
    private protected const string ByVM = "VM";

    private readonly VmSelection _selection = new();

    /// <summary>Names of VMs, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Hosts on which the names are looked for; any if left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    public string[]? HostName { get; set; }

    /// <summary>VMs, as <c>Get-StratusVM</c> gives them.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByVM)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [ValidateNotNullOrEmpty]
    public VirtualMachine[] VM { get; set; } = [];

    /// <summary>What is done with a VM, in the words of a question.</summary>
    private protected abstract string Action { get; }

    /// <summary>Whether the work needs the VMs' addresses.</summary>
    private protected virtual bool NeedsAddresses => false;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByVM) _selection.Add(VM);
        else _selection.Add(Name, HostName);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        IReadOnlyList<VirtualMachine> agreed = [];
        Run(async (pipeline, site, cancel) =>
        {
            CheckParameters();
            agreed = await AskAsync(site, pipeline, cancel).ConfigureAwait(false);
        });
        if (agreed.Count > 0) RunOrStart((pipeline, site, cancel) => WorkAsync(agreed, site, pipeline, cancel));
    }

    /// <summary>Does the work with the VMs that were agreed to.</summary>
    private protected abstract Task WorkAsync(IReadOnlyList<VirtualMachine> vms, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken);

    /// <summary>Refuses parameters that cannot be, before any host is asked.</summary>
    private protected virtual void CheckParameters()
    {
    }

    /// <summary>Asks whether to go on with one VM.</summary>
    private protected virtual Task<bool> AgreesAsync(VirtualMachine vm, IPipeline pipeline) =>
        pipeline.ShouldProcessAsync($"VM '{vm.Name}' on host '{vm.Host}'", Action);

    private async Task<IReadOnlyList<VirtualMachine>> AskAsync(StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var filter = new VmFilter { WithAddresses = NeedsAddresses };
        var agreed = new List<VirtualMachine>();
        foreach (var vm in await _selection.ResolveAsync(site, pipeline, filter, cancellationToken).ConfigureAwait(false))
        {
            if (await AgreesAsync(vm, pipeline).ConfigureAwait(false)) agreed.Add(vm);
        }

        return agreed;
    }
}
