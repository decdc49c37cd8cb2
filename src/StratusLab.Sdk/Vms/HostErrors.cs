using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Turns what a host's call threw into the outcome of each item that it was about.</summary>
internal static class HostErrors
{
    private const string Unforeseen = "HostFailed";

    /// <summary>A provider fails with <see cref="StratusException"/>; anything else is its fault and must not stop other hosts.</summary>
    public static StratusException Wrap(Exception error, string host) => error switch
    {
        StratusException known => known,
        OperationCanceledException => new HostConnectionException("HostTimeout", $"Host '{host}' did not answer in time.", RequestState.Unknown, error) { Resource = host },
        _ => new StratusException(
            Unforeseen,
            StratusErrorKind.Failed,
            $"Host '{host}' failed in a way that was not foreseen: {error.GetType().Name}: {error.Message}",
            error) { Resource = host },
    };

    /// <summary>Whether the request may have had an effect all the same.</summary>
    public static bool LeavesDoubt(StratusException error) =>
        error is HostConnectionException { RequestState: not RequestState.NotSent } or HostProtocolException or { ErrorId: Unforeseen };

    public static StratusException NoOutcome(string host) =>
        new("NoOutcome", StratusErrorKind.Protocol, $"Host '{host}' did not say what became of it.") { Resource = host };
}
