using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>
/// What a machine needs to become one of Slurm's cloud nodes, as cloud-init user data for an image that has slurmd, munge and cloud-init 21.2 or later. The same
/// input gives the same text, so that a launch can be repeated from what is known without the text itself being kept.
/// </summary>
/// <remarks>The text holds the munge key, which opens the whole cluster: it must not be logged, journalled or shown, and this class shows it nowhere but in the text.</remarks>
public sealed partial class SlurmNodeSetup
{
    // munge takes 32 to 1,024 bytes.
    private const int MinKey = 32;
    private const int MaxKey = 1024;

    private static readonly TimeSpan DefaultLease = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(24);

    private readonly string _controller;
    private readonly byte[] _mungeKey;

    /// <summary>Describes the nodes of one cluster.</summary>
    /// <param name="controller">Where slurmctld is reached from the nodes: a name or an address, with its port if that is not 6817.</param>
    /// <param name="mungeKey">The cluster's <c>/etc/munge/munge.key</c>, 32 to 1,024 bytes.</param>
    /// <exception cref="InvalidInputException"><c>SlurmConfigurationInvalid</c>: the controller is no name or address, or the key is too short or too long.</exception>
    public SlurmNodeSetup(string controller, ReadOnlySpan<byte> mungeKey)
    {
        ArgumentNullException.ThrowIfNull(controller);
        if (!Endpoint().IsMatch(controller)) throw Invalid(nameof(controller), $"'{controller}' is no name or address of slurmctld; right would be head.example.org or 192.0.2.1:6817");
        if (mungeKey.Length is < MinKey or > MaxKey) throw Invalid(nameof(mungeKey), $"The munge key has {mungeKey.Length} bytes; right are {MinKey} to {MaxKey}");
        _controller = controller;
        _mungeKey = mungeKey.ToArray();
    }

    /// <summary>How long a machine may be without a lease, from when it is set up on, while no job runs on it; 15 minutes by default.</summary>
    public TimeSpan Lease { get; init; } = DefaultLease;

    /// <summary>How long a machine may be on at all, whatever it runs; 24 hours by default.</summary>
    public TimeSpan MaxLifetime { get; init; } = DefaultLifetime;

    /// <summary>Reads the key from a file; it stays nowhere but in the setup.</summary>
    /// <param name="controller">Where slurmctld is reached from the nodes.</param>
    /// <param name="mungeKeyFile">The cluster's <c>/etc/munge/munge.key</c>.</param>
    /// <param name="lease"><see cref="Lease"/>; null for its default.</param>
    /// <param name="maxLifetime"><see cref="MaxLifetime"/>; null for its default.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException"><c>SlurmConfigurationInvalid</c>: there is no such file, it cannot be read, or it is no key.</exception>
    public static async Task<SlurmNodeSetup> FromKeyFileAsync(
        string controller, string mungeKeyFile, TimeSpan? lease = null, TimeSpan? maxLifetime = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(mungeKeyFile);
        try
        {
            if (new FileInfo(mungeKeyFile) is { Exists: true, Length: > MaxKey }) throw Invalid(nameof(mungeKeyFile), $"'{mungeKeyFile}' is no munge key: it has more than {MaxKey} bytes");
            var key = await File.ReadAllBytesAsync(mungeKeyFile, cancellationToken).ConfigureAwait(false);
            return new SlurmNodeSetup(controller, key) { Lease = lease ?? DefaultLease, MaxLifetime = maxLifetime ?? DefaultLifetime };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("SlurmConfigurationInvalid", $"The munge key '{mungeKeyFile}' cannot be read: {e.Message}. Only root and munge can read it where Slurm runs.", nameof(mungeKeyFile), e);
        }
    }

    /// <summary>
    /// The user data for every node: a machine has its host name, the node's name in <c>slurm.conf</c>, from who launches it. As it is the same for all, a host can
    /// launch many with one call. It is a secret.
    /// </summary>
    /// <exception cref="InvalidInputException"><c>SlurmConfigurationInvalid</c>: a time is less than a minute.</exception>
    public string ToUserData() => UserDataOf(null);

    /// <summary>The user data for one node. It is a secret.</summary>
    /// <param name="node">The node's name in <c>slurm.conf</c>.</param>
    /// <exception cref="InvalidInputException"><c>SlurmConfigurationInvalid</c>: it is no name of a host; or a time is less than a minute.</exception>
    public string ToUserData(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return HostName().IsMatch(node) ? UserDataOf(node) : throw Invalid(nameof(node), $"'{node}' is no name of a host");
    }

    /// <summary>The cluster, without its key.</summary>
    public override string ToString() => $"nodes of {_controller}";

    private string UserDataOf(string? node)
    {
        if (Lease < TimeSpan.FromMinutes(1)) throw Invalid(nameof(Lease), "A lease is one minute or more");
        if (MaxLifetime < TimeSpan.FromMinutes(1)) throw Invalid(nameof(MaxLifetime), "A machine's longest life is one minute or more");

        var text = new StringBuilder("#cloud-config\n");
        if (node is not null) text.Append(CultureInfo.InvariantCulture, $"hostname: {node}\n");
        text.Append("preserve_hostname: false\nmanage_etc_hosts: localhost\n");
        text.Append(MetadataForRootOnly);

        // munge refuses clocks that are five minutes apart.
        text.Append("ntp:\n  enabled: true\n");
        text.Append("write_files:\n");
        File("/etc/munge/munge.key", "0400", Convert.ToBase64String(_mungeKey), "munge:munge");
        Plain("/usr/local/sbin/stratus-lease", "0755", GuestScript.Read("stratus-lease.sh"));
        Plain("/etc/systemd/system/stratus-lease.service", "0644", Unit(Service, Lease, MaxLifetime));
        Plain("/etc/systemd/system/stratus-lease.timer", "0644", Timer);
        Plain("/etc/systemd/system/slurmd.service.d/stratus.conf", "0644", SlurmdDropIn.Replace("CONTROLLER", _controller, StringComparison.Ordinal));
        text.Append("runcmd:\n");
        foreach (var command in (string[])["daemon-reload", "enable, --now, stratus-lease.timer", "restart, munge", "enable, slurmd", "restart, slurmd"])
            text.Append(CultureInfo.InvariantCulture, $"- [systemctl, {command}]\n");
        return text.ToString();

        void Plain(string path, string mode, string content) => File(path, mode, Convert.ToBase64String(Encoding.UTF8.GetBytes(content)), "root:root");

        // Deferred: the owner may be a user of a package that is installed at this boot.
        void File(string path, string mode, string base64, string owner) =>
            text.Append(CultureInfo.InvariantCulture, $"- path: {path}\n  owner: {owner}\n  permissions: '{mode}'\n  encoding: b64\n  defer: true\n  content: {base64}\n");
    }

    private static string Unit(string unit, TimeSpan lease, TimeSpan lifetime) => unit
        .Replace("@LEASE@", ((long)lease.TotalSeconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@LIFETIME@", ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    // On EC2 any process can ask the metadata service for this text, a user's job too, unless it is kept from it.
    private const string MetadataForRootOnly =
        """
        bootcmd:
        - [sh, -c, "ip rule add to 169.254.169.254 uidrange 1-4294967294 prohibit; ip -6 rule add to fd00:ec2::254 uidrange 1-4294967294 prohibit || true"]

        """;

    private const string Service =
        """
        [Unit]
        Description=Shut down when this machine's lease has ended

        [Service]
        Type=oneshot
        TimeoutStartSec=90
        RuntimeDirectory=stratuslab
        RuntimeDirectoryPreserve=yes
        Environment=STRATUS_LEASE_SECONDS=@LEASE@
        Environment=STRATUS_MAX_LIFETIME_SECONDS=@LIFETIME@
        ExecStart=/usr/local/sbin/stratus-lease

        """;

    private const string Timer =
        """
        [Unit]
        Description=Look at this machine's lease every minute

        [Timer]
        OnBootSec=60
        OnUnitInactiveSec=60
        AccuracySec=5

        [Install]
        WantedBy=timers.target

        """;

    // -b: the node has booted when slurmd starts, also where a machine was stopped and started. The configuration comes from the controller, and slurmd
    // ends where that does not answer at once: then it is started until it does, or until the machine's lease ends.
    private const string SlurmdDropIn =
        """
        [Unit]
        After=munge.service network-online.target
        ConditionPathExists=
        StartLimitIntervalSec=0

        [Service]
        Type=simple
        Restart=on-failure
        RestartSec=5
        PIDFile=
        ExecStart=
        ExecStart=/usr/sbin/slurmd -D -b --conf-server CONTROLLER

        """;

    private static InvalidInputException Invalid(string field, string why) => new("SlurmConfigurationInvalid", why + ".", field);

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9.-]{0,253})|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endpoint();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HostName();
}
