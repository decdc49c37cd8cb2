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
    public TimeSpan Lease { get; init; } = BatchNodeUserData.DefaultLease;

    /// <summary>How long a machine may be on at all, whatever it runs; 24 hours by default.</summary>
    public TimeSpan MaxLifetime { get; init; } = BatchNodeUserData.DefaultMaxLifetime;

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
            return new SlurmNodeSetup(controller, key) { Lease = lease ?? BatchNodeUserData.DefaultLease, MaxLifetime = maxLifetime ?? BatchNodeUserData.DefaultMaxLifetime };
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
    /// <exception cref="InvalidInputException"><c>NodeSetupInvalid</c>: a time is less than a minute.</exception>
    public string ToUserData() => UserData().ToText();

    /// <summary>The user data for one node. It is a secret.</summary>
    /// <param name="node">The node's name in <c>slurm.conf</c>.</param>
    /// <exception cref="InvalidInputException"><c>NodeSetupInvalid</c>: it is no name of a host; or a time is less than a minute.</exception>
    public string ToUserData(string node) => UserData().ToText(node);

    /// <summary>The cluster, without its key.</summary>
    public override string ToString() => $"nodes of {_controller}";

    private BatchNodeUserData UserData() => new()
    {
        LeaseFunctions = LeaseFunctions,
        Lease = Lease,
        MaxLifetime = MaxLifetime,
        Files =
        [
            new("/etc/munge/munge.key", _mungeKey) { Mode = "0400", Owner = "munge:munge" },
            new("/etc/systemd/system/slurmd.service.d/stratus.conf", SlurmdDropIn.Replace("CONTROLLER", _controller, StringComparison.Ordinal)),
        ],
        Commands = [["systemctl", "restart", "munge"], ["systemctl", "enable", "slurmd"], ["systemctl", "restart", "slurmd"]],
    };

    // The lease is in the comment of the node, see NodeNotes. A step of a job is a process that names itself so; one that only holds the control group of
    // slurmd is named otherwise.
    internal const string LeaseFunctions =
        """
        lease_told() {
          note=$(timeout 20 scontrol show node "$node" --oneliner 2>/dev/null) || note=
          case $note in
            *' Comment=stratus-lease='[0-9]*)
              note=${note##*' Comment=stratus-lease='}
              printf '%s\n' "${note%%[!0-9]*}"
              ;;
          esac
        }
        has_job() { grep -aqs '^slurmstepd: \[' /proc/[0-9]*/cmdline; }
        tell_off() {
          state=POWER_DOWN
          [ "$1" != old ] || state=DOWN
          timeout 20 scontrol update "NodeName=$node" "State=$state" "Reason=$2"
        }
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
}
