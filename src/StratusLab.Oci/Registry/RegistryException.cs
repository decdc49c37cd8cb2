using System.Net;

namespace StratusLab.Oci;

/// <summary>Work with a registry failed.</summary>
public sealed class RegistryException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="kind">What sort of failure it was.</param>
    /// <param name="message">What happened, with the registry and the resource, and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public RegistryException(RegistryErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What sort of failure it was.</summary>
    public RegistryErrorKind Kind { get; }

    /// <summary>The HTTP status, where there was an answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The registry's own code, such as <c>MANIFEST_UNKNOWN</c> (OCI distribution specification, "Error Codes").</summary>
    public string? Code { get; init; }

    /// <summary>How long the registry asks to wait before the next attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later, unchanged.</summary>
    public bool IsTransient => Kind is RegistryErrorKind.RateLimited or RegistryErrorKind.ServerError or RegistryErrorKind.Connection or RegistryErrorKind.Stalled;
}
