namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>The machine behind one instance, from its launch to its termination; it keeps its disk while it is off. Disposing it ends it and removes the disk.</summary>
public interface IInstanceGuest : IAsyncDisposable
{
    /// <summary>Completes when the guest, since it was last started, has shut itself down.</summary>
    Task Ended { get; }

    /// <summary>Starts it, and returns when it begins to answer.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message tells what it said.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends whatever runs in it.</summary>
    Task StopAsync();
}
