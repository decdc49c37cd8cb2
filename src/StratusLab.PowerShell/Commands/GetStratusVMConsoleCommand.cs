using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Reads the serial console of VMs, line by line.</summary>
[Cmdlet(VerbsCommon.Get, "StratusVMConsole", DefaultParameterSetName = ByVM)]
[OutputType(typeof(string))]
public sealed class GetStratusVMConsoleCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByVM = "VM";

    private readonly VmSelection _selection = new();

    /// <summary>Names of VMs, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>VMs, as <c>Get-StratusVM</c> gives them.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByVM)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [ValidateNotNullOrEmpty]
    public VirtualMachine[] VM { get; set; } = [];

    /// <summary>Go on with what the guest writes from now, until stopped; of one VM only.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByVM) _selection.Add(VM);
        else _selection.Add(Name, null);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Run(async (pipeline, site, cancel) =>
        {
            var vms = await _selection.ResolveAsync(site, pipeline, new VmFilter { WithAddresses = false }, cancel).ConfigureAwait(false);
            if (Follow && vms.Count > 1)
                throw new InvalidInputException("TooManyVMs", $"-Follow reads one console, and {vms.Count} VMs were named.", "Follow");
            foreach (var vm in vms)
            {
                try
                {
                    await ReadAsync(vm, site, pipeline, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(vm)).ConfigureAwait(false);
                }
            }
        });

    private async Task ReadAsync(VirtualMachine vm, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var live = Follow ? await site.Vms.OpenConsoleAsync(vm.Id, cancellationToken).ConfigureAwait(false) : Stream.Null;
        await using (live.ConfigureAwait(false))
        {
            var log = await site.Vms.OpenConsoleLogAsync(vm.Id, cancellationToken).ConfigureAwait(false);
            await using (log.ConfigureAwait(false))
            {
                var lines = Follow ? ConsoleText.FollowAsync(live, log, cancellationToken) : ConsoleText.ReadAsync(log, cancellationToken);
                await foreach (var line in lines.ConfigureAwait(false)) await pipeline.WriteAsync(line).ConfigureAwait(false);
            }
        }
    }
}
