using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>What a site's <c>slurm.conf</c> needs for nodes that exist only while they are wanted.</summary>
public sealed partial record SlurmConfiguration
{
    /// <summary>The nodes, class by class; one or more.</summary>
    public required IReadOnlyList<SlurmNodeClass> NodeClasses { get; init; }

    /// <summary>The partition that they are in.</summary>
    public string Partition { get; init; } = "burst";

    /// <summary>The nodes that are there always and are never powered down, as Slurm names them, such as <c>n[1-100]</c>; null for none.</summary>
    public string? LocalNodes { get; init; }

    /// <summary>The folder on Slurm's controller in which the hook's programs are.</summary>
    public string ProgramFolder { get; init; } = "/usr/local/libexec/stratuslab";

    /// <summary>How long a machine may take from the request until its node registers; 600 s by default.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How long a node is kept idle before it is given back; 120 s by default.</summary>
    public TimeSpan IdleHold { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a machine that is given back may take until its node may be asked for again; 120 s by default.</summary>
    public TimeSpan SuspendTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest that a job may run there; null for no limit. Every job's worst case is paid for by the budget, so a limit lets more of them in.</summary>
    public TimeSpan? MaxJobTime { get; init; }

    /// <summary>The lines for <c>slurm.conf</c>.</summary>
    /// <exception cref="InvalidInputException"><c>SlurmConfigurationInvalid</c>: a name, a number or a time that Slurm would not take; with the field.</exception>
    public string ToSlurmConf()
    {
        Check();
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"# Nodes that exist only while they are wanted. Include this file in slurm.conf, on the controller; where slurm.conf");
        Line($"# sets one of the general parameters itself, join the values there and take the line out here.");
        Line($"ResumeProgram={ProgramFolder}/{SlurmHook.ResumeProgram}");
        Line($"SuspendProgram={ProgramFolder}/{SlurmHook.SuspendProgram}");
        Line($"ResumeFailProgram={ProgramFolder}/{SlurmHook.ResumeFailProgram}");
        Line($"ResumeTimeout={(long)BootTimeout.TotalSeconds}");
        Line($"SuspendTime={(long)IdleHold.TotalSeconds}");
        Line($"SuspendTimeout={(long)SuspendTimeout.TotalSeconds}");
        Line($"# How many the provider can start at once is the burst controller's to know: 0 is no limit.");
        Line($"ResumeRate=0");
        Line($"SuspendRate=0");
        if (LocalNodes is { } local) Line($"SuspendExcNodes={local}");
        Line($"# A node that is off is shown, and one that fails is free to be asked for again once it is given back.");
        Line($"PrivateData=cloud");
        Line($"ReturnToService=2");
        Line($"SlurmctldParameters=enable_configless,idle_on_node_suspend,cloud_reg_addrs");
        Line($"# Messages go to each node directly: nodes that come and go are no good relays. Addresses change with each machine.");
        Line($"TreeWidth=65533");
        Line($"CommunicationParameters=NoAddrCache");
        if (NodeClasses.Any(c => c.Gpu > 0)) Line($"GresTypes=gpu");
        foreach (var c in NodeClasses)
        {
            var gpu = c.Gpu > 0 ? FormattableString.Invariant($" Gres=gpu:{c.Gpu}") : string.Empty;
            var features = string.Join(',', c.Features.Append("cloud").Distinct(StringComparer.Ordinal));
            Line($"NodeName={c.NodeList} CPUs={c.Cpu} RealMemory={c.RealMemory.Bytes >> 20} Features={features}{gpu} State=CLOUD");
        }

        Line($"PartitionName={Partition} Nodes={string.Join(',', NodeClasses.Select(c => c.NodeList))} MaxTime={Limit(MaxJobTime)} State=UP");
        return text.ToString();
    }

    /// <summary>The lines for <c>gres.conf</c>, which goes to the nodes with the rest; empty where no node has a GPU.</summary>
    /// <inheritdoc cref="ToSlurmConf" path="/exception"/>
    public string ToGresConf()
    {
        Check();
        var lines = NodeClasses.Where(c => c.Gpu > 0).Select(c =>
            string.Create(CultureInfo.InvariantCulture, $"NodeName={c.NodeList} Name=gpu File=/dev/nvidia{(c.Gpu == 1 ? "0" : $"[0-{c.Gpu - 1}]")}\n"));
        return string.Concat(lines);
    }

    /// <summary>All files: <c>burst.conf</c>, <c>gres-burst.conf</c> if there are GPUs, the hook's programs, and <c>user-data</c> for all nodes.</summary>
    /// <param name="spoolFolder">The folder on the controller into which the hook writes.</param>
    /// <param name="nodes">What the nodes need, for their user data; null to make none.</param>
    /// <inheritdoc cref="ToSlurmConf" path="/exception"/>
    public IReadOnlyList<BatchConfigurationFile> ToFiles(string spoolFolder = SlurmHook.DefaultSpoolFolder, SlurmNodeSetup? nodes = null)
    {
        var files = new List<BatchConfigurationFile> { new("burst.conf", ToSlurmConf()) };
        if (ToGresConf() is { Length: > 0 } gres) files.Add(new("gres-burst.conf", gres));
        files.AddRange(SlurmHook.Files(spoolFolder));
        if (nodes is not null) files.Add(new("user-data", nodes.ToUserData()) { IsSecret = true });
        return files;
    }

    private static string Limit(TimeSpan? limit) => limit is { } time ? ((long)Math.Ceiling(time.TotalMinutes)).ToString(CultureInfo.InvariantCulture) : "INFINITE";

    private void Check()
    {
        if (!Word().IsMatch(Partition)) throw Invalid(nameof(Partition), Partition, "a name with letters, digits, hyphens and underscores, such as burst");
        if (!Path().IsMatch(ProgramFolder)) throw Invalid(nameof(ProgramFolder), ProgramFolder, "a full path without blanks, such as /usr/local/libexec/stratuslab");
        if (LocalNodes is { } local && (local.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || SlurmRange.Expand(local).Count == 0)) throw Invalid(nameof(LocalNodes), local, "a list of nodes such as n[1-100],login");
        if (BootTimeout < TimeSpan.FromSeconds(1)) throw Invalid(nameof(BootTimeout), BootTimeout, "1 s or more");
        if (IdleHold < TimeSpan.FromSeconds(1)) throw Invalid(nameof(IdleHold), IdleHold, "1 s or more");
        if (SuspendTimeout < TimeSpan.FromSeconds(1)) throw Invalid(nameof(SuspendTimeout), SuspendTimeout, "1 s or more");
        if (MaxJobTime is { } most && most <= TimeSpan.Zero) throw Invalid(nameof(MaxJobTime), most, "more than no time, or null for no limit");
        if (NodeClasses.Count == 0) throw Invalid(nameof(NodeClasses), "nothing", "one class of nodes or more");
        foreach (var c in NodeClasses)
        {
            if (!ClassName().IsMatch(c.Name)) throw Invalid("NodeClasses.Name", c.Name, "a letter, then letters, digits and hyphens, at most 40 and no digit at the end, such as small-");
            if (c.Count is < 1 or > 65_536) throw Invalid("NodeClasses.Count", c.Count, "1 to 65536");
            if (c.Cpu is < 1 or > 65_535) throw Invalid("NodeClasses.Cpu", c.Cpu, "1 to 65535");
            if (c.Memory < ByteSize.FromMiB(256)) throw Invalid("NodeClasses.Memory", c.Memory, "256MB or more");
            if (c.Gpu is < 0 or > 1024) throw Invalid("NodeClasses.Gpu", c.Gpu, "0 to 1024");
            if (c.Features.FirstOrDefault(feature => !Word().IsMatch(feature)) is { } wrong) throw Invalid("NodeClasses.Features", wrong, "names with letters, digits, hyphens and underscores");
        }

        if (NodeClasses.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Invalid("NodeClasses.Name", twice.Key, "given once: two classes cannot have the same names");
    }

    private static InvalidInputException Invalid(string field, object value, string right) =>
        new("SlurmConfigurationInvalid", FormattableString.Invariant($"{field} is '{value}', which Slurm would not take. Right would be: {right}."), field);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Za-z]([A-Za-z0-9-]{0,38}[A-Za-z-])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClassName();

    [GeneratedRegex("^/[A-Za-z0-9_./-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Path();
}
