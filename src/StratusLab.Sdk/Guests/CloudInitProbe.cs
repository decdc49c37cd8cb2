using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Asks a guest how far cloud-init is (cloud-init documentation, "Report the status": status, and exit codes 0, 1 and 2).</summary>
internal sealed partial class CloudInitProbe(GuestChannels channels)
{
    // Without the tool, the file that the last stage leaves behind tells.
    private const string Script =
        """
        if command -v cloud-init >/dev/null 2>&1; then cloud-init status --long 2>&1
        elif [ -e /var/lib/cloud/instance/boot-finished ]; then echo 'status: done'
        elif [ -d /var/lib/cloud ]; then echo 'status: running'
        else echo 'status: absent'; fi
        """;

    // cloud-init is a Python program: merely to start it takes an emulated guest on a busy host many seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<Verdict> AskAsync(IComputeProvider provider, VirtualMachine vm, GuestAccess access, CancellationToken cancellationToken)
    {
        var channel = access.Channel == GuestChannel.Auto && await IsAgentReadyAsync(provider, vm, cancellationToken).ConfigureAwait(false) ? GuestChannel.Agent : access.Channel;
        var command = new GuestCommand { Script = Script, Channel = channel, User = access.User, KeyFile = access.KeyFile, Timeout = Patience };
        var result = await channels.InvokeAsync(provider, vm, command, cancellationToken).ConfigureAwait(false);
        if (result.Failure is { } failure)
        {
            // A login is refused until cloud-init has put the key there.
            return Verdict.NotYet(failure.Message);
        }

        var status = Status().Match(result.Output).Groups["status"].Value.Trim();
        return status switch
        {
            "done" => Verdict.Met,
            "error" => Verdict.Never(Failed(vm, "CloudInitFailed", $"cloud-init failed in VM '{vm.Name}': {Detail(result.Output)} More is in its /var/log/cloud-init.log.")),
            "disabled" => Verdict.Never(Failed(vm, "CloudInitDisabled", $"cloud-init is switched off in VM '{vm.Name}': {Detail(result.Output)}")),
            "absent" => Verdict.Never(Failed(vm, "CloudInitAbsent", $"There is no cloud-init in VM '{vm.Name}'.")),
            "" => Verdict.NotYet("cloud-init says nothing yet"),
            _ => Verdict.NotYet($"cloud-init is {status}"),
        };
    }

    // The agent needs no key, and cloud-init's state is the same whoever asks.
    private static async Task<bool> IsAgentReadyAsync(IComputeProvider provider, VirtualMachine vm, CancellationToken cancellationToken) =>
        provider.Capabilities.HasFlag(ProviderCapabilities.GuestAgent) && provider is IGuestAgentHost agent
        && await agent.IsAgentReadyAsync(vm.Id, cancellationToken).ConfigureAwait(false);

    private static StratusException Failed(VirtualMachine vm, string id, string message) => new(id, StratusErrorKind.Failed, message) { Resource = vm.Name };

    private static string Detail(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(l => !l.StartsWith("status:", StringComparison.Ordinal) && !l.StartsWith("boot_status_code:", StringComparison.Ordinal));
        var text = string.Join(' ', lines);
        return (text.Length > 500 ? text[..500] + "…" : text).TrimEnd('.') + ".";
    }

    [GeneratedRegex(@"^\.*status:\s*(?<status>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Status();
}
