using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What follows for a node from the error of its launch.</summary>
internal static class BurstLaunchErrors
{
    /// <summary>The state that the node is in then; null if nobody knows, and the launch has to be asked for again.</summary>
    public static (BurstNodeState State, BurstNodeCause Cause)? Judge(StratusException error) => error switch
    {
        _ when HostErrors.LeavesDoubt(error) || error.ErrorId is "NoOutcome" => null,

        // The host was not asked: the catalogue cannot be written.
        { ErrorId: var id } when id.StartsWith("Catalogue", StringComparison.Ordinal) => null,
        { Kind: StratusErrorKind.NoCapacity, ErrorId: var id } when IsQuota(id) => (BurstNodeState.QuotaFailed, BurstNodeCause.QuotaReached),
        { Kind: StratusErrorKind.NoCapacity } => (BurstNodeState.CapacityFailed, BurstNodeCause.NoCapacity),
        { Kind: StratusErrorKind.Connection or StratusErrorKind.Timeout or StratusErrorKind.AlreadyExists } or { IsTransient: true } =>
            (BurstNodeState.Reserved, BurstNodeCause.NothingLaunched),
        _ when IsFatal(error) => (BurstNodeState.Terminated, BurstNodeCause.LaunchRefused),
        _ => (BurstNodeState.Terminated, BurstNodeCause.GivenUp),
    };

    /// <summary>Whether asking again, or elsewhere, would change nothing: somebody has to mend it.</summary>
    public static bool IsFatal(StratusException error) => error.Kind is StratusErrorKind.PermissionDenied or StratusErrorKind.InvalidInput
        or StratusErrorKind.NotSupported or StratusErrorKind.NotFound or StratusErrorKind.Protocol or StratusErrorKind.InvalidState;

    private static bool IsQuota(string id) => id.Contains("Quota", StringComparison.OrdinalIgnoreCase) || id.Contains("Limit", StringComparison.OrdinalIgnoreCase);
}
