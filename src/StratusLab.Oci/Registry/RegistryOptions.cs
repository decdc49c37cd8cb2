using System.Security.Cryptography.X509Certificates;

namespace StratusLab.Oci;

/// <summary>How to talk to a registry.</summary>
public sealed record RegistryOptions
{
    /// <summary>Who is asking; null for the user's Docker and Podman credential files.</summary>
    public IRegistryCredentials? Credentials { get; init; }

    /// <summary>Speak HTTP without TLS. Without it only a registry on this machine's loopback is spoken to so, and only if it has no TLS.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Authorities that may vouch for the registry, in place of the system's; null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>How often a request is made before its failure is final, 1 to 100. An attempt that moved bytes starts the count again.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The pause before the second attempt; it doubles each time up to a minute, and is varied by a quarter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may stand without moving a byte.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many transfers go on at once, 1 to 64.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Length of the pieces in which a large content is sent and fetched, in bytes; at least 64 KiB. A registry may ask to be sent longer ones.</summary>
    public int ChunkSize { get; init; } = 32 << 20;

    /// <summary>
    /// The folder that remembers uploads under way, so that the next process goes on with them and two do not send the same at once; null for one
    /// in the user's cache.
    /// </summary>
    public string? UploadsFolder { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Check(MaxAttempts is >= 1 and <= 100, nameof(MaxAttempts), "1 to 100");
        Check(RetryDelay > TimeSpan.Zero, nameof(RetryDelay), "more than zero");
        Check(ProgressTimeout > TimeSpan.Zero, nameof(ProgressTimeout), "more than zero");
        Check(Connections is >= 1 and <= 64, nameof(Connections), "1 to 64");
        Check(ChunkSize >= 64 << 10, nameof(ChunkSize), "at least 64 KiB");
    }

    private static void Check(bool valid, string name, string range)
    {
        if (!valid) throw new ArgumentException($"{name} is {range}.", name);
    }
}
