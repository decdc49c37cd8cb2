namespace StratusLab.Core;

/// <summary>What sort of failure it was, for callers that act on it.</summary>
public enum StratusErrorKind
{
    /// <summary>None of the others.</summary>
    Failed,

    /// <summary>Something that was named is not there.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    AlreadyExists,

    /// <summary>The input is wrong; asking again changes nothing.</summary>
    InvalidInput,

    /// <summary>Not signed in, or not allowed.</summary>
    PermissionDenied,

    /// <summary>The far end could not be reached, or went away.</summary>
    Connection,

    /// <summary>The far end broke the protocol.</summary>
    Protocol,

    /// <summary>No room: CPU, memory, disk or quota.</summary>
    NoCapacity,

    /// <summary>The host cannot do this.</summary>
    NotSupported,

    /// <summary>It did not happen in the time given.</summary>
    Timeout,

    /// <summary>The state of the resource does not allow it.</summary>
    InvalidState,
}
