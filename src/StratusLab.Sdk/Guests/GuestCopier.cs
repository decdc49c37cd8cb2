using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Copies files to or from one guest.</summary>
internal sealed class GuestCopier(SshClient ssh, TimeProvider clock)
{
    /// <summary>Copies. That it could not be done is in the result, not thrown.</summary>
    /// <param name="provider">The VM's host.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="copy">What to copy.</param>
    /// <param name="localPath">The path on this machine, complete.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    public async Task<GuestCopyResult> CopyAsync(IComputeProvider provider, VirtualMachine vm, GuestCopy copy, string localPath, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var isToVm = copy.Direction == GuestCopyDirection.ToVM;
        var result = new GuestCopyResult { VmId = vm.Id, Name = vm.Name, Source = isToVm ? localPath : copy.Source, Destination = isToVm ? copy.Destination : localPath };
        var channel = copy.Channel;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(copy.Timeout);
        try
        {
            channel = await GuestChannels.ChooseAsync(provider, vm, copy.Channel, patience.Token).ConfigureAwait(false);
            if (channel == GuestChannel.Ssh) await OverSshAsync(vm, copy, localPath, patience.Token).ConfigureAwait(false);
            else await OverAgentAsync(GuestChannels.AgentOf(provider, vm), vm, copy, localPath, patience.Token).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            result = result with { Failure = e };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            result = result with { Failure = new StratusException("CopyFailed", StratusErrorKind.Failed, $"'{localPath}': {e.Message}", e) { Resource = vm.Name } };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = result with { Failure = GuestChannels.TimedOut(vm, copy.Timeout) };
        }

        return result with { Channel = channel, Duration = clock.GetElapsedTime(started) };
    }

    private async Task OverSshAsync(VirtualMachine vm, GuestCopy copy, string localPath, CancellationToken cancellationToken)
    {
        if (copy.Direction == GuestCopyDirection.FromVM) Directory.CreateDirectory(Path.GetDirectoryName(localPath)!);
        var ended = await ProcessRun.RunAsync(ssh.Copy(vm, copy, localPath, legacy: false), default, cancellationToken).ConfigureAwait(false);
        if (ended.ExitCode != 0 && LacksSftp(ended.Error))
            ended = await ProcessRun.RunAsync(ssh.Copy(vm, copy, localPath, legacy: true), default, cancellationToken).ConfigureAwait(false);
        if (ended.ExitCode == 0) return;
        var said = ended.Error.Trim();
        throw ended.ExitCode == SshErrors.ExitCode || said.Contains("Connection closed", StringComparison.Ordinal)
            ? SshErrors.Explain(vm, said)
            : new StratusException("CopyFailed", StratusErrorKind.Failed, $"The copy {(copy.Direction == GuestCopyDirection.ToVM ? "to" : "from")} VM '{vm.Name}' failed: {said}") { Resource = vm.Name };
    }

    // Guests with a small ssh server (dropbear) have no SFTP server: it then says so, or that it is not found.
    private static bool LacksSftp(string stderr) =>
        stderr.Contains("subsystem request failed", StringComparison.OrdinalIgnoreCase) || stderr.Contains("sftp-server", StringComparison.Ordinal);

    private static async Task OverAgentAsync(IGuestAgentHost agent, VirtualMachine vm, GuestCopy copy, string localPath, CancellationToken cancellationToken)
    {
        if (copy.Recurse)
            throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Folders cannot be copied by the guest agent, and ssh does not answer in VM '{vm.Name}'.") { Resource = vm.Name };
        if (copy.Direction == GuestCopyDirection.ToVM)
        {
            var source = new FileStream(localPath, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
            await using (source.ConfigureAwait(false)) await agent.WriteFileAsync(vm.Id, copy.Destination, source, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Under another name until it is whole.
        Directory.CreateDirectory(Path.GetDirectoryName(localPath)!);
        var partial = localPath + ".partial";
        try
        {
            var target = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            await using (target.ConfigureAwait(false)) await agent.ReadFileAsync(vm.Id, copy.Source, target, cancellationToken).ConfigureAwait(false);
            File.Move(partial, localPath, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
