namespace StratusLab.Oci;

/// <summary>What sort of failure it was.</summary>
public enum RegistryErrorKind
{
    /// <summary>The registry refused the request for another reason than those below.</summary>
    Refused,

    /// <summary>The registry does not accept who is asking (401).</summary>
    Unauthorized,

    /// <summary>Who is asking may not do this (403).</summary>
    Denied,

    /// <summary>The repository, manifest or content is not there.</summary>
    NotFound,

    /// <summary>Too many requests (429).</summary>
    RateLimited,

    /// <summary>The registry failed (5xx).</summary>
    ServerError,

    /// <summary>The registry could not be reached, or the connection broke.</summary>
    Connection,

    /// <summary>The connection stands but nothing moved for too long.</summary>
    Stalled,

    /// <summary>The TLS connection could not be made: the certificate is not trusted, or the far end does not speak TLS.</summary>
    Tls,

    /// <summary>The answer does not follow the OCI distribution specification.</summary>
    Protocol,

    /// <summary>A content does not have the length that its descriptor gives.</summary>
    WrongLength,

    /// <summary>A content does not have the digest that names it.</summary>
    WrongDigest,
}
