namespace StratusLab.Core;

/// <summary>How running VMs are brought down before they are removed.</summary>
public sealed record DeleteOptions
{
    /// <summary>Cut the power of a guest that has not shut down in time; without it such a VM is kept and reported.</summary>
    public bool Force { get; init; }

    /// <summary>How long a guest may take to shut down, 0 to 1 hour. With <see cref="Force"/> and zero it is not asked.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
