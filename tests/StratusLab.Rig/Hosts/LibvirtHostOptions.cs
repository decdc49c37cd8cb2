namespace StratusLab.Rig.Hosts;

/// <summary>What a host of the rig offers beside its unix socket.</summary>
public sealed record LibvirtHostOptions
{
    /// <summary>Listen for TLS on port 16514 with a client certificate required.</summary>
    public bool Tls { get; init; }

    /// <summary>Listen on port 16509 without encryption and without authentication.</summary>
    public bool Tcp { get; init; }

    /// <summary>Run an sshd on port 22.</summary>
    public bool Ssh { get; init; }

    /// <summary>The SASL mechanism (<c>scram-sha-256</c> or <c>plain</c>) asked on the unix socket and on TLS; null for none.</summary>
    public string? Sasl { get; init; }

    /// <summary>Megabytes of a second pool, named <c>small</c>, that is soon full; null for no such pool.</summary>
    public int? SmallPoolMegabytes { get; init; }

    /// <summary>Show the machine's <c>/dev/kvm</c> instead of one that cannot be opened. Only for tests of just that.</summary>
    public bool Kvm { get; init; }
}
