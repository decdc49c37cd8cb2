using System.Diagnostics;
using System.Globalization;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Rig;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>One guest: processes in namespaces of their own, over this machine's files, with what they write kept apart.</summary>
internal sealed class NamespaceGuest(int network, string folder, EmulatedInstance instance, SemaphoreSlim starts) : IInstanceGuest
{
    private Process? _process;

    /// <inheritdoc/>
    public Task Ended { get; private set; } = Task.Delay(Timeout.Infinite, CancellationToken.None);

    // The folder is a file system that only the network's processes see.
    private string Disk => $"{folder}/{instance.Id}";

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await starts.WaitAsync(cancellationToken);
        try
        {
            var gateway = string.Create(CultureInfo.InvariantCulture, $"{instance.Subnet.Prefix}.{instance.Subnet.Number * 16}.1");
            _process = GuestProcess.Start("nsenter", [.. Inside, "bash", GuestProcess.Script("guest.sh"), Disk, instance.Id, instance.PrivateAddress, gateway]);
            await GuestProcess.IsUpAsync(_process, cancellationToken);
            Ended = _process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            starts.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        if (_process is null) return;
        await GuestProcess.EndAsync(_process);
        _process = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Command.TryAsync("nsenter", [.. Inside, "rm", "-rf", Disk]);
    }

    private string[] Inside
    {
        get
        {
            var space = string.Create(CultureInfo.InvariantCulture, $"/proc/{network}/ns/");
            return [$"--net={space}net", $"--mount={space}mnt", $"--pid={space}pid_for_children", "--"];
        }
    }
}
