using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Guests;
using StratusLab.Rig.Slurm;

namespace StratusLab.Benchmarks;

/// <summary>
/// Behind each instance a real slurmd and nothing else, so that thousands fit on one machine: no cloud-init, no munge of its own, no lease. It starts when
/// the machine would have booted, with an address and a host name of its own, and registers.
/// </summary>
internal sealed class SlurmdGuests : IInstanceGuests
{
    private readonly Process _keeper;
    private readonly BootTimes _times = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _orders = new();
    private Task _reading = Task.CompletedTask;
    private int _count;

    private SlurmdGuests(Process keeper) => _keeper = keeper;

    /// <inheritdoc/>
    public string AddressPrefix => "172.31";

    /// <summary>Begins to keep guests in a cluster; they end with it.</summary>
    public static async Task<SlurmdGuests> StartAsync(SlurmCluster cluster, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("nsenter", [.. cluster.Inside, "bash", Path.Combine(AppContext.BaseDirectory, "Scale", "slurmd-guests.sh"), cluster.Folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var guests = new SlurmdGuests(Process.Start(start) ?? throw new InvalidOperationException("nsenter did not start."));
        if (await guests._keeper.StandardOutput.ReadLineAsync(cancel) != "up") throw new InvalidOperationException("The keeper of guests did not start.");
        guests._reading = guests.ReadAsync();
        return guests;
    }

    /// <inheritdoc/>
    public Socket Bind(IPEndPoint endpoint)
    {
        // No guest asks for its metadata.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <inheritdoc/>
    public IInstanceGuest Create(EmulatedInstance instance)
    {
        var number = Interlocked.Increment(ref _count);
        return new SlurmdGuest(this, number, instance, _times.Of(number));
    }

    /// <summary>Has the keeper do something, and waits until it is done.</summary>
    public async Task OrderAsync(int number, string order, CancellationToken cancel)
    {
        var done = _orders[number] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _writing.WaitAsync(cancel);
        try
        {
            await _keeper.StandardInput.WriteLineAsync(order.AsMemory(), cancel);
            await _keeper.StandardInput.FlushAsync(cancel);
        }
        finally
        {
            _writing.Release();
        }

        await done.Task.WaitAsync(cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _keeper.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _keeper.StandardOutput.ReadLineAsync() is { } line)
            if (_orders.TryRemove(int.Parse(line, CultureInfo.InvariantCulture), out var done)) done.SetResult();
        foreach (var done in _orders.Values) done.TrySetException(new InvalidOperationException("The keeper of guests has ended."));
    }
}
