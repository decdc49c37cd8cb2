using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>
/// What a machine needs to become one of Grid Engine's execution hosts, as cloud-init user data for an image that has execd, Grid Engine's commands and cloud-init 21.2
/// or later. The same input gives the same text, so that a launch can be repeated from what is known.
/// </summary>
public sealed partial record GridEngineNodeSetup
{
    /// <summary>The name of qmaster's machine, as in the cell's <c>act_qmaster</c>.</summary>
    public required string Qmaster { get; init; }

    /// <summary>The cell's <c>bootstrap</c> file.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>The address at which nodes reach qmaster; null where its name resolves on them.</summary>
    public string? QmasterAddress { get; init; }

    /// <summary>Grid Engine's folder on the nodes (<c>SGE_ROOT</c>); Debian's by default.</summary>
    public string Root { get; init; } = "/var/lib/gridengine";

    /// <summary>The cell (<c>SGE_CELL</c>); <c>default</c> by default.</summary>
    public string Cell { get; init; } = "default";

    /// <summary>The port of qmaster.</summary>
    public int QmasterPort { get; init; } = 6444;

    /// <summary>The port of execd.</summary>
    public int ExecdPort { get; init; } = 6445;

    /// <summary>The folder of execd's own files on the nodes, which is <c>execd_spool_dir</c> in <c>qconf -sconf</c>; Debian's by default.</summary>
    public string SpoolFolder { get; init; } = "/var/spool/gridengine/execd";

    /// <summary>The program on the nodes; Debian's by default.</summary>
    public string ExecdProgram { get; init; } = "/usr/lib/gridengine/sge_execd";

    /// <summary>How long a machine may be without a lease, from when it is set up on, while no job runs on it; 15 minutes by default.</summary>
    public TimeSpan Lease { get; init; } = BatchNodeUserData.DefaultLease;

    /// <summary>How long a machine may be on at all, whatever it runs; 24 hours by default.</summary>
    public TimeSpan MaxLifetime { get; init; } = BatchNodeUserData.DefaultMaxLifetime;

    /// <summary>Reads from a cell's folder what its nodes have to know of it.</summary>
    /// <param name="cellFolder"><c>$SGE_ROOT/$SGE_CELL</c>, such as <c>/var/lib/gridengine/default</c>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidInputException"><c>GridEngineConfigurationInvalid</c>: it is no folder of a cell.</exception>
    public static async Task<GridEngineNodeSetup> FromCellAsync(string cellFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(cellFolder);
        var common = Path.Combine(cellFolder, "common");
        try
        {
            return new GridEngineNodeSetup
            {
                Qmaster = (await File.ReadAllTextAsync(Path.Combine(common, "act_qmaster"), cancellationToken).ConfigureAwait(false)).Trim(),
                Bootstrap = await File.ReadAllTextAsync(Path.Combine(common, "bootstrap"), cancellationToken).ConfigureAwait(false),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("GridEngineConfigurationInvalid", $"'{cellFolder}' is no folder of a cell of Grid Engine: {e.Message} Right would be $SGE_ROOT/$SGE_CELL, such as /var/lib/gridengine/default.", nameof(cellFolder), e);
        }
    }

    /// <summary>The user data for every node: a machine has its host name, by which Grid Engine knows it, from who launches it.</summary>
    /// <exception cref="InvalidInputException"><c>GridEngineConfigurationInvalid</c>: a field that cannot be right; <c>NodeSetupInvalid</c>: a time is less than a minute.</exception>
    public string ToUserData() => Describe().ToText();

    /// <summary>The cell.</summary>
    public override string ToString() => $"nodes of {Qmaster}";

    internal BatchNodeUserData Describe()
    {
        Check();
        var common = $"{Root}/{Cell}/common";
        var admin = Admin().Match(Bootstrap) is { Success: true } found && found.Groups["user"].Value != "none" ? found.Groups["user"].Value : "root";
        return new BatchNodeUserData
        {
            LeaseFunctions = string.Concat(Environment().Select(pair => $"export {pair.Name}={pair.Value}\n")) + $"PATH=$PATH:{Path.GetDirectoryName(ExecdProgram)}\n" + LeaseFunctions,
            Lease = Lease,
            MaxLifetime = MaxLifetime,
            Files =
            [
                new($"{common}/act_qmaster", Qmaster + "\n"),
                new($"{common}/bootstrap", Bootstrap),
                new("/etc/systemd/system/gridengine-exec.service", Unit
                    .Replace("@ENVIRONMENT@", string.Join('\n', Environment().Select(pair => $"Environment={pair.Name}={pair.Value}")), StringComparison.Ordinal)
                    .Replace("@PROGRAM@", ExecdProgram, StringComparison.Ordinal)),
            ],
            Commands =
            [
                .. QmasterAddress is { } address ? (string[][])[["sh", "-c", $"echo '{address} {Qmaster}' >>/etc/hosts"]] : [],
                ["install", "-d", "-o", admin, SpoolFolder],
                ["systemctl", "enable", "gridengine-exec"],
                ["systemctl", "restart", "gridengine-exec"],
            ],
        };
    }

    private (string Name, string Value)[] Environment() =>
    [
        ("SGE_ROOT", Root),
        ("SGE_CELL", Cell),
        ("SGE_QMASTER_PORT", QmasterPort.ToString(CultureInfo.InvariantCulture)),
        ("SGE_EXECD_PORT", ExecdPort.ToString(CultureInfo.InvariantCulture)),
    ];

    // A job is a process of its own that names itself so.
    internal const string LeaseFunctions =
        """
        lease_told() { timeout 20 qhost -xml -h "$node" -F stratus_lease | sed -n "s/.*name='stratus_lease'[^>]*>\([0-9][0-9]*\)<.*/\1/p"; }
        has_job() { grep -aqs '^sge_shepherd-' /proc/[0-9]*/cmdline; }
        tell_off() { timeout 20 qmod -d "*@$node"; }
        """;

    // In the foreground, and jobs outlive its restart. It takes the place of what the package has under this name.
    private const string Unit =
        """
        [Unit]
        Description=Grid Engine's execution daemon
        Wants=network-online.target
        After=network-online.target

        [Service]
        Type=simple
        Environment=SGE_ND=true
        @ENVIRONMENT@
        ExecStart=@PROGRAM@
        Restart=on-failure
        RestartSec=10
        KillMode=process

        [Install]
        WantedBy=multi-user.target

        """;

    private void Check()
    {
        if (!Host().IsMatch(Qmaster)) throw Invalid(nameof(Qmaster), Qmaster, "the name of qmaster's machine, such as head.example.org");
        if (!Bootstrap.Contains("qmaster_spool_dir", StringComparison.Ordinal)) throw Invalid(nameof(Bootstrap), Bootstrap.Split('\n')[0], "the text of the cell's common/bootstrap");
        if (QmasterAddress is { } address && !IPAddress.TryParse(address, out _)) throw Invalid(nameof(QmasterAddress), address, "an address, such as 192.0.2.1, or nothing where the name resolves");
        foreach (var (field, path) in ((string, string)[])[(nameof(Root), Root), (nameof(SpoolFolder), SpoolFolder), (nameof(ExecdProgram), ExecdProgram)])
            if (!FullPath().IsMatch(path)) throw Invalid(field, path, "a full path without blanks");
        if (!Word().IsMatch(Cell)) throw Invalid(nameof(Cell), Cell, "the name of a cell, such as default");
        foreach (var (field, port) in ((string, int)[])[(nameof(QmasterPort), QmasterPort), (nameof(ExecdPort), ExecdPort)])
            if (port is < 1 or > 65_535) throw Invalid(field, port, "1 to 65535");
    }

    private static InvalidInputException Invalid(string field, object value, string right) =>
        new("GridEngineConfigurationInvalid", FormattableString.Invariant($"{field} is '{value}'. Right would be: {right}."), field);

    [GeneratedRegex(@"^admin_user[ \t]+(?<user>[A-Za-z_][A-Za-z0-9_-]*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Admin();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Host();

    [GeneratedRegex("^/[A-Za-z0-9_./-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FullPath();

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();
}
