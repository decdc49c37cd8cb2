using System.Diagnostics;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Opens a terminal in a VM, over the system's ssh.</summary>
[Cmdlet(VerbsCommon.Enter, "StratusVM", DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class EnterStratusVMCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByVM = "VM";

    /// <summary>The VM's name.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The VM, as <c>Get-StratusVM</c> gives it.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByVM)]
    public VirtualMachine? VM { get; set; }

    /// <summary>The user; by default the image's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>File of the private key; by default what ssh is configured for.</summary>
    [Parameter]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        int? exitCode = null;
        Run(async (pipeline, site, cancel) =>
        {
            if (await FindAsync(site, pipeline, cancel).ConfigureAwait(false) is not { } vm) return;
            var ssh = site.Guests.BuildInteractive(vm, UserName, FullPathOf(KeyFilePath));
            exitCode = await TalkAsync(ssh.ToStartInfo(), cancel).ConfigureAwait(false);
        });
        if (exitCode is { } code) SessionState.PSVariable.Set("global:LASTEXITCODE", code);
    }

    private static async Task<int> TalkAsync(ProcessStartInfo info, CancellationToken cancellationToken)
    {
        Process process;
        try
        {
            process = Process.Start(info) ?? throw new StratusException("SshNotFound", StratusErrorKind.NotFound, $"'{info.FileName}' could not be started.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StratusException("SshNotFound", StratusErrorKind.NotFound, $"'{info.FileName}' could not be started: {e.Message}. Install the OpenSSH client.", e);
        }

        using (process)
        {
            try
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return process.ExitCode;
        }
    }

    private async Task<VirtualMachine?> FindAsync(StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (VM is not null) return VM;
        var selection = new VmSelection();
        selection.Add([WildcardPattern.Escape(Name)], null);
        var found = await selection.ResolveAsync(site, pipeline, VmFilter.Managed, cancellationToken).ConfigureAwait(false);
        if (found.Count < 2) return found.Count == 0 ? null : found[0];
        throw new InvalidInputException(
            "AmbiguousName",
            $"There are VMs named '{Name}' on {string.Join(", ", found.Select(vm => vm.Host))}. Choose one: Get-StratusVM {Name} -HostName {found[0].Host} | Enter-StratusVM.",
            "Name");
    }
}
