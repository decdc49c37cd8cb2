using System.Collections.Concurrent;
using StratusLab.Ec2.Emulator.Cloud;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>Starts, stops and removes guests as their instances come and go, and stops instances whose guests shut themselves down.</summary>
internal sealed class GuestKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly EmulatedCloud _cloud;
    private readonly IInstanceGuests _guests;
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public GuestKeeper(EmulatedCloud cloud, IInstanceGuests guests)
    {
        (_cloud, _guests) = (cloud, guests);
        _loop = KeepAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Task.WhenAll(_kept.Values.Select(async kept =>
        {
            await kept.Work;
            await kept.Guest.DisposeAsync();
        }));
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            List<(EmulatedInstance Instance, string State)> instances;
            lock (_cloud.Gate) instances = _cloud.Instances.ConvertAll(i => (i, i.State(_cloud.Now)));
            foreach (var (instance, state) in instances) Keep(instance, state);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Keep(EmulatedInstance instance, string state)
    {
        var known = _kept.TryGetValue(instance.Id, out var kept);
        if (known && !kept!.Work.IsCompleted) return;
        switch (state)
        {
            case "running" when !known:
                kept = _kept[instance.Id] = new Kept(_guests.Create(instance));
                kept.Work = StartAsync(instance, kept);
                break;
            case "running" when !kept!.IsOn:
                kept.Work = StartAsync(instance, kept);
                break;
            case "running" when kept!.Guest.Ended.IsCompleted:
                ShutDown(instance, ("Client.InstanceInitiatedShutdown", "Client.InstanceInitiatedShutdown: Instance initiated shutdown"));
                break;
            case "stopping" or "stopped" when known && kept!.IsOn:
                kept!.IsOn = false;
                kept.Work = kept.Guest.StopAsync();
                break;
            case "shutting-down" or "terminated" when known:
                kept!.Work = EndAsync(instance, kept);
                break;
        }
    }

    private async Task StartAsync(EmulatedInstance instance, Kept kept)
    {
        try
        {
            kept.IsOn = true;
            await kept.Guest.StartAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The emulator ends, and the guest with it.
        }
        catch (InvalidOperationException e)
        {
            ShutDown(instance, ("Server.InternalError", $"Server.InternalError: {e.Message}"));
        }
    }

    private async Task EndAsync(EmulatedInstance instance, Kept kept)
    {
        await kept.Guest.DisposeAsync();
        _kept.TryRemove(instance.Id, out _);
    }

    private void ShutDown(EmulatedInstance instance, (string Code, string Message) reason)
    {
        lock (_cloud.Gate)
        {
            if (instance.State(_cloud.Now) != "running") return;
            instance.Reason = reason;
            if (instance.ShutdownBehavior == "terminate") _cloud.End(instance);
            else instance.Change("stopping", "stopped", _cloud.Now + _cloud.Options.StateChange);
        }
    }

    private sealed class Kept(IInstanceGuest guest)
    {
        public IInstanceGuest Guest { get; } = guest;

        public bool IsOn { get; set; }

        public Task Work { get; set; } = Task.CompletedTask;
    }
}
