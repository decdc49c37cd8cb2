using System.Globalization;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Guests;

namespace StratusLab.Benchmarks;

/// <summary>One of <see cref="SlurmdGuests"/>.</summary>
/// <param name="guests">All.</param>
/// <param name="number">Its number among them.</param>
/// <param name="instance">Its instance.</param>
/// <param name="bootTime">From the launch until its slurmd starts.</param>
internal sealed class SlurmdGuest(SlurmdGuests guests, int number, EmulatedInstance instance, TimeSpan bootTime) : IInstanceGuest
{
    private bool _isOn;

    /// <inheritdoc/>
    public Task Ended { get; } = Task.Delay(Timeout.Infinite, CancellationToken.None);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var left = instance.LaunchTime + bootTime - DateTimeOffset.UtcNow;
        if (left > TimeSpan.Zero) await Task.Delay(left, cancellationToken);
        await guests.OrderAsync(number, string.Create(CultureInfo.InvariantCulture, $"start {number} {NameOf(instance)} {instance.PrivateAddress}"), cancellationToken);
        _isOn = true;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        if (!_isOn) return;
        _isOn = false;
        await guests.OrderAsync(number, string.Create(CultureInfo.InvariantCulture, $"stop {number}"), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    // As its user data has it: the names of a launch, in the order of their numbers.
    private static string NameOf(EmulatedInstance instance)
    {
        var members = instance.Tags.Where(t => t.Key.StartsWith("stratuslab:vms:", StringComparison.Ordinal)).OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Split(' '));
        return members.ElementAt(instance.LaunchIndex).Split('=')[0];
    }
}
