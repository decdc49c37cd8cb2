using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Runs one command in one guest, by whichever way leads there.</summary>
internal sealed class GuestChannels(SshClient ssh, TimeProvider clock)
{
    /// <summary>Runs the command. That it could not be run is in the result, not thrown.</summary>
    public async Task<GuestCommandResult> InvokeAsync(IComputeProvider provider, VirtualMachine vm, GuestCommand command, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var channel = command.Channel;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(command.Timeout);
        var result = new GuestCommandResult { VmId = vm.Id, Name = vm.Name };
        try
        {
            channel = await ChooseAsync(provider, vm, command.Channel, patience.Token).ConfigureAwait(false);
            result = channel == GuestChannel.Ssh
                ? await OverSshAsync(vm, command, result, patience.Token).ConfigureAwait(false)
                : await OverAgentAsync(AgentOf(provider, vm), vm, command, result, patience.Token).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            result = result with { Failure = e };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = result with { Failure = TimedOut(vm, command.Timeout) };
        }

        return result with { Channel = channel, Duration = clock.GetElapsedTime(started) };
    }

    /// <summary>ssh if a server answers at an address, else the agent.</summary>
    public static async Task<GuestChannel> ChooseAsync(IComputeProvider provider, VirtualMachine vm, GuestChannel wanted, CancellationToken cancellationToken)
    {
        if (wanted != GuestChannel.Auto) return wanted;
        var problem = vm.IPAddress is { } address ? await SshBanner.FindProblemAsync(address, cancellationToken).ConfigureAwait(false) : "no address is known";
        if (problem is null) return GuestChannel.Ssh;
        if (provider.Capabilities.HasFlag(ProviderCapabilities.GuestAgent) && provider is IGuestAgentHost agent
            && await agent.IsAgentReadyAsync(vm.Id, cancellationToken).ConfigureAwait(false)) return GuestChannel.Agent;
        throw new StratusException(
            "GuestUnreachable",
            StratusErrorKind.Connection,
            $"There is no way into VM '{vm.Name}' (state {vm.State}): ssh: {problem}; and no guest agent answers.") { Resource = vm.Name, IsTransient = true };
    }

    public static IGuestAgentHost AgentOf(IComputeProvider provider, VirtualMachine vm) =>
        provider.Capabilities.HasFlag(ProviderCapabilities.GuestAgent) && provider is IGuestAgentHost agent
            ? agent
            : throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Host '{vm.Host}' does not reach guest agents (capability GuestAgent). Use ssh.") { Resource = vm.Name };

    public static StratusException TimedOut(VirtualMachine vm, TimeSpan timeout) => new(
        "GuestCommandTimeout",
        StratusErrorKind.Timeout,
        $"The work in VM '{vm.Name}' was not done after {timeout.TotalSeconds:0.#} s and is no longer waited for; in the guest it may still go on.") { Resource = vm.Name };

    private async Task<GuestCommandResult> OverSshAsync(VirtualMachine vm, GuestCommand command, GuestCommandResult blank, CancellationToken cancellationToken)
    {
        var line = command.Script is null
            ? PosixShell.Append(command.CommandLine!, command.Arguments)
            : PosixShell.Append("sh -s --", command.Arguments);
        var ended = await ProcessRun.RunAsync(ssh.Command(vm, command, line), Input(command), cancellationToken).ConfigureAwait(false);
        if (ended.ExitCode == SshErrors.ExitCode && ended.Error.Length > 0) return blank with { Failure = SshErrors.Explain(vm, ended.Error) };
        return blank with { ExitCode = ended.ExitCode, Output = ended.Output, Error = ended.Error, IsTruncated = ended.IsTruncated };
    }

    private static async Task<GuestCommandResult> OverAgentAsync(
        IGuestAgentHost agent, VirtualMachine vm, GuestCommand command, GuestCommandResult blank, CancellationToken cancellationToken)
    {
        var process = command.Script is null
            ? new GuestProcess("/bin/sh", ["-c", PosixShell.Append(command.CommandLine!, command.Arguments)])
            : new GuestProcess("/bin/sh", ["-s", "--", .. command.Arguments], Input(command));
        var ended = await agent.ExecuteAsync(vm.Id, process, cancellationToken).ConfigureAwait(false);
        var limit = (int)GuestService.MaxOutput.Bytes;
        return blank with
        {
            ExitCode = ended.ExitCode,
            Output = Text(ended.Output, limit),
            Error = Text(ended.Error, limit),
            IsTruncated = ended.IsTruncated || ended.Output.Length > limit || ended.Error.Length > limit,
        };
    }

    private static string Text(ReadOnlyMemory<byte> bytes, int limit) => Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, limit)]);

    // A script written on Windows would fail at its first line end.
    private static ReadOnlyMemory<byte> Input(GuestCommand command) =>
        command.Script is null ? default : Encoding.UTF8.GetBytes(command.Script.Replace("\r\n", "\n", StringComparison.Ordinal) + "\n");
}
