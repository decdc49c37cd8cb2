namespace StratusLab.Sdk;

/// <summary>How VMs are stopped.</summary>
public sealed record StopOptions
{
    /// <summary>Cut the power of a guest that has not shut down in time; with a zero <see cref="Timeout"/>, at once.</summary>
    public bool Force { get; init; }

    /// <summary>How long a guest may take to shut down, 0 to 1 hour.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether to wait until the VM is off; without it a VM counts as done once the guest was asked.</summary>
    public bool Wait { get; init; } = true;
}
