namespace StratusLab.Core;

/// <summary>A host that can reach into guests without a network.</summary>
public interface IGuestAgentHost
{
    /// <summary>Whether the guest's agent answers now.</summary>
    Task<bool> IsAgentReadyAsync(VmId vm, CancellationToken cancellationToken = default);

    /// <summary>Runs a program in the guest and waits for its end. Cancellation stops the waiting, not the program.</summary>
    /// <exception cref="StratusException">The agent does not answer, or the program cannot be started.</exception>
    Task<GuestProcessResult> ExecuteAsync(VmId vm, GuestProcess process, CancellationToken cancellationToken = default);

    /// <summary>Writes a file in the guest, replacing what is there.</summary>
    Task WriteFileAsync(VmId vm, string path, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Reads a file of the guest into a stream.</summary>
    Task ReadFileAsync(VmId vm, string path, Stream destination, CancellationToken cancellationToken = default);
}
