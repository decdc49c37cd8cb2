namespace StratusLab.Libvirt;

/// <summary>How a connection behaves. Immutable, so that one instance can serve many connections.</summary>
public sealed record LibvirtConnectionOptions
{
    /// <summary>Opens the connection read-only (<c>VIR_CONNECT_RO</c>): the server refuses every change. Default: false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Asked for a user name and password when the server wants them (SASL) and no credentials file has them; it returns <see langword="null"/> for none.</summary>
    public Func<LibvirtCredentialRequest, CancellationToken, ValueTask<LibvirtCredential?>>? Credentials { get; init; }

    /// <summary>The longest that opening may take: transport, authentication and the server's own opening together. Default: 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init => field = Positive(value, nameof(ConnectTimeout)); } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After how long without a byte from the server it is asked for a sign of life. <see cref="Timeout.InfiniteTimeSpan"/> turns
    /// keepalive off on both sides. Default: 5 s, as libvirt's own client.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init => field = Positive(value, nameof(KeepAliveInterval)); } = TimeSpan.FromSeconds(5);

    /// <summary>How many such questions in a row may stay unanswered before the connection is given up. Default: 5, as libvirt's own client.</summary>
    public int KeepAliveCount { get; init => field = AtLeastOne(value, nameof(KeepAliveCount)); } = 5;

    /// <summary>
    /// How many calls that may take long (starting, stopping, changing, building, migrating) are in flight at once; further ones wait
    /// on this side. Default: 4, one fewer than libvirtd's <c>max_client_requests</c> of 5. With 5 unanswered requests the server stops
    /// reading the connection, keepalive messages too, and then ends it as dead. Raise this together with the server's setting.
    /// </summary>
    public int MaxConcurrentCommands { get; init => field = AtLeastOne(value, nameof(MaxConcurrentCommands)); } = 4;

    /// <summary>
    /// How many calls that the server answers at once from what it knows (lookups, lists, states, XML, metadata) are in flight at once.
    /// They queue in the server's socket and each leaves it within milliseconds, so a deep pipeline hides the round trip. Default: 128.
    /// </summary>
    public int MaxPipelinedQueries { get; init => field = AtLeastOne(value, nameof(MaxPipelinedQueries)); } = 128;

    /// <summary>
    /// How many bytes of a download or console are held for its reader before the connection waits for it. Other calls wait too
    /// while it is full, so bulk transfers to slow consumers belong on a connection of their own. Default: 4 MiB.
    /// </summary>
    public int StreamBufferSize { get; init => field = AtLeastOne(value, nameof(StreamBufferSize)); } = 4 * 1024 * 1024;

    /// <summary>
    /// How long the connection waits for the reader of a full stream before it ends that stream for the sake of the others. The server
    /// takes the connection for dead after about 30 s of silence. <see cref="Timeout.InfiniteTimeSpan"/> waits for ever; it is meant for
    /// connections that carry one stream and have keepalive off. Default: 10 s.
    /// </summary>
    public TimeSpan StreamStallTimeout { get; init => field = Positive(value, nameof(StreamStallTimeout)); } = TimeSpan.FromSeconds(10);

    /// <summary>How many events wait for a slow reader before <see cref="EventsLost"/> takes the place of further ones. Default: 4,096.</summary>
    public int EventBufferSize { get; init => field = AtLeastOne(value, nameof(EventBufferSize)); } = 4_096;

    private static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be longer than zero.");

    private static int AtLeastOne(int value, string name) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1.");
}
