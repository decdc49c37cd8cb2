using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StratusLab.Core;

/// <summary>
/// Cloud-init user data by which a machine becomes a node of a batch system and looks after its own end: every minute it reads its lease from the batch system,
/// and it shuts down when that was not renewed and no job runs on it, or when it is too old. One that is not set up an hour after its boot shuts down too. For images that have the batch system's node daemon and cloud-init 21.2 or later.
/// </summary>
/// <remarks>The same input gives the same text, so that a launch can be repeated from what is known. The text may hold secrets and is shown nowhere.</remarks>
public sealed partial class BatchNodeUserData
{
    /// <summary>The default of <see cref="Lease"/>: 15 minutes.</summary>
    public static readonly TimeSpan DefaultLease = TimeSpan.FromMinutes(15);

    /// <summary>The default of <see cref="MaxLifetime"/>: 24 hours.</summary>
    public static readonly TimeSpan DefaultMaxLifetime = TimeSpan.FromHours(24);

    // Longer than any boot that ends well takes.
    private static readonly TimeSpan SetUpLimit = TimeSpan.FromHours(1);

    /// <summary>
    /// The batch system's part of the script that looks at the lease, as functions for <c>sh</c>: <c>lease_told</c> writes the time until which the node is
    /// wanted, in seconds since 1970, or nothing; <c>has_job</c> says whether a job runs on the machine; <c>tell_off WHY REASON</c> lets no more jobs come. <c>$node</c> is the node's name.
    /// </summary>
    public required string LeaseFunctions { get; init; }

    /// <summary>How long a machine may be without a lease, from when it is set up on, while no job runs on it; 15 minutes by default.</summary>
    public TimeSpan Lease { get; init; } = DefaultLease;

    /// <summary>How long a machine may be on at all, whatever it runs; 24 hours by default.</summary>
    public TimeSpan MaxLifetime { get; init; } = DefaultMaxLifetime;

    /// <summary>The batch system's files.</summary>
    public IReadOnlyList<BatchNodeFile> Files { get; init; } = [];

    /// <summary>The commands that make a node of the machine, once the lease is looked at; each a program with its arguments.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Commands { get; init; } = [];

    /// <summary>The script that looks at the lease.</summary>
    public string LeaseScript => BatchScript.Read(typeof(BatchNodeUserData).Assembly, "stratus-lease.sh").Replace("#BATCH-SYSTEM#", LeaseFunctions.Trim(), StringComparison.Ordinal);

    /// <summary>The text for every node: a machine has its host name from who launches it. As it is the same for all, a host can launch many with one call.</summary>
    /// <exception cref="InvalidInputException"><c>NodeSetupInvalid</c>: a time is less than a minute.</exception>
    public string ToText() => TextOf(null);

    /// <summary>The text for one node.</summary>
    /// <param name="node">The name by which the batch system knows it.</param>
    /// <exception cref="InvalidInputException"><c>NodeSetupInvalid</c>: it is no name of a host; or a time is less than a minute.</exception>
    public string ToText(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return HostName().IsMatch(node) ? TextOf(node) : throw Invalid(nameof(node), $"'{node}' is no name of a host.");
    }

    /// <summary>What it is; the text may hold secrets.</summary>
    public override string ToString() => "user data of a node";

    private string TextOf(string? node)
    {
        if (Lease < TimeSpan.FromMinutes(1)) throw Invalid(nameof(Lease), "A lease is one minute or more.");
        if (MaxLifetime < TimeSpan.FromMinutes(1)) throw Invalid(nameof(MaxLifetime), "A machine's longest life is one minute or more.");
        var text = new StringBuilder("#cloud-config\n");
        if (node is not null) text.Append(CultureInfo.InvariantCulture, $"hostname: {node}\n");
        text.Append("preserve_hostname: false\nmanage_etc_hosts: localhost\n");
        Append(text, "bootcmd", [MetadataForRootOnly, OffUnlessSetUp]);

        // Batch systems refuse clocks that are minutes apart, and the lease is a time.
        text.Append("ntp:\n  enabled: true\n");
        text.Append("write_files:\n");
        foreach (var file in Files.Concat(LeaseFiles()))
        {
            // Deferred: the owner may be a user of a package that is installed at this boot.
            text.Append(CultureInfo.InvariantCulture, $"- path: {file.Path}\n  owner: {file.Owner}\n  permissions: '{file.Mode}'\n  encoding: b64\n  defer: true\n  content: {file.Base64}\n");
        }

        Append(text, "runcmd", LeaseCommands.Concat(Commands));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string list, IEnumerable<IReadOnlyList<string>> commands)
    {
        text.Append(CultureInfo.InvariantCulture, $"{list}:\n");
        foreach (var command in commands) text.Append(CultureInfo.InvariantCulture, $"- [{string.Join(", ", command.Select(Quote))}]\n");
    }

    private BatchNodeFile[] LeaseFiles() =>
    [
        new("/usr/local/sbin/stratus-lease", LeaseScript) { Mode = "0755" },
        new("/etc/systemd/system/stratus-lease.service", Service
            .Replace("@LEASE@", ((long)Lease.TotalSeconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@LIFETIME@", ((long)MaxLifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
        new("/etc/systemd/system/stratus-lease.timer", Timer),
    ];

    // YAML in flow style: single quotes hold anything but themselves, which are doubled.
    private static string Quote(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    private static readonly string[][] LeaseCommands = [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "stratus-lease.timer"]];

    // What comes before the lease may fail: a package that is not found, a disk that is full. Then nothing on the machine would look after its end.
    // By default a timer begins when the system is initialised, which waits for this command, and this would wait for its timer.
    private string[] OffUnlessSetUp =>
    [
        "timeout", "60", "systemd-run", "--unit=stratus-set-up", "--property=DefaultDependencies=no", "--timer-property=DefaultDependencies=no", "--timer-property=AccuracySec=5s",
        string.Create(CultureInfo.InvariantCulture, $"--on-active={(long)(SetUpLimit < MaxLifetime ? SetUpLimit : MaxLifetime).TotalSeconds}"),
        "sh", "-c", "systemctl is-active --quiet stratus-lease.timer || systemctl poweroff",
    ];

    // On EC2 any process can ask the metadata service for this text, a user's job too, unless it is kept from it.
    private static readonly string[] MetadataForRootOnly =
        ["sh", "-c", "ip rule add to 169.254.169.254 uidrange 1-4294967294 prohibit; ip -6 rule add to fd00:ec2::254 uidrange 1-4294967294 prohibit || true"];

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

    private static InvalidInputException Invalid(string field, string why) => new("NodeSetupInvalid", why, field);

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HostName();
}
