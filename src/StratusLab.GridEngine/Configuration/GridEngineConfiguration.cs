using System.Globalization;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>What a cell of Grid Engine needs for hosts that exist only while they are wanted, all of one kind.</summary>
public sealed partial record GridEngineConfiguration
{
    /// <summary>What their names begin with; they are numbered from 1. A letter, then letters, digits and hyphens, not ending in a digit.</summary>
    public required string NodeName { get; init; }

    /// <summary>The most of them that there can be at once, 1 to 4,096.</summary>
    public required int Count { get; init; }

    /// <summary>Slots of each, one for each CPU.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory of each, as the machine is sold; what jobs can ask for of it is <see cref="JobMemory"/>.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>GPUs of each; where there are some, the cell has a complex attribute <c>gpu</c> that counts them.</summary>
    public int Gpu { get; init; }

    /// <summary>The queue of the hosts that are always there, after which the burst's is made; <c>all.q</c> by default.</summary>
    public string LocalQueue { get; init; } = "all.q";

    /// <summary>The queue of these hosts; <c>burst.q</c> by default.</summary>
    public string BurstQueue { get; init; } = "burst.q";

    /// <summary>The longest that a job may run there; null for no limit. Every job's worst case is paid for by the budget, so a limit lets more of them in.</summary>
    public TimeSpan? MaxJobTime { get; init; }

    /// <summary>Memory that jobs can ask for: seven hundredths and 128 MiB less than the machine has, which firmware and kernel keep.</summary>
    public ByteSize JobMemory => ByteSize.FromMiB(Math.Max(1, (Memory.Bytes >> 20) * 93 / 100 - 128));

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Nodes => [.. Enumerable.Range(1, Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{NodeName}{number}"))];

    /// <summary>The program that makes hosts, host group and queue with Grid Engine's own commands.</summary>
    /// <exception cref="InvalidInputException"><c>GridEngineConfigurationInvalid</c>: a name, a number or a time that Grid Engine would not take; with the field.</exception>
    public string ToSetup()
    {
        Check();
        var gpu = Gpu > 0 ? FormattableString.Invariant($",gpu={Gpu},stratus_gpu={Gpu}") : string.Empty;
        var memory = JobMemory.Bytes >> 20;
        return BatchScript.Read(typeof(GridEngineConfiguration).Assembly, "stratus-burst-setup.sh")
            .Replace("@LOCAL_QUEUE@", LocalQueue, StringComparison.Ordinal)
            .Replace("@BURST_QUEUE@", BurstQueue, StringComparison.Ordinal)
            .Replace("@HOST_GROUP@", "@" + NodeHosts(BurstQueue), StringComparison.Ordinal)
            .Replace("@SLOTS@", Cpu.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@LIMIT@", MaxJobTime is { } limit ? FormattableString.Invariant($"{(long)limit.TotalHours}:{limit.Minutes:00}:{limit.Seconds:00}") : "INFINITY", StringComparison.Ordinal)
            .Replace("@VALUES@", FormattableString.Invariant($"slots={Cpu},h_vmem={memory}M,stratus_memory={memory}M{gpu}"), StringComparison.Ordinal)
            .Replace("@NODES@", string.Join(' ', Nodes), StringComparison.Ordinal);
    }

    /// <summary>
    /// The names as lines of a hosts file, for a resolver that reads it again when it changes. Grid Engine refuses names without an address, so those that have no
    /// machine yet get one that is nobody's (240.0.0.0/4); the burst puts the right ones there.
    /// </summary>
    /// <inheritdoc cref="ToSetup" path="/exception"/>
    public string ToHosts()
    {
        Check();
        return string.Concat(Nodes.Select(node => $"{NodeHostsFile.Nobody(node)} {node}\n"));
    }

    /// <summary>All files: <c>stratus-burst-setup</c>, <c>stratus-burst-hosts</c>, and <c>user-data</c> for all nodes.</summary>
    /// <param name="nodes">What the nodes need, for their user data; null to make none.</param>
    /// <inheritdoc cref="ToSetup" path="/exception"/>
    public IReadOnlyList<BatchConfigurationFile> ToFiles(GridEngineNodeSetup? nodes = null)
    {
        var files = new List<BatchConfigurationFile> { new("stratus-burst-setup", ToSetup()) { IsExecutable = true }, new("stratus-burst-hosts", ToHosts()) };
        if (nodes is not null) files.Add(new("user-data", nodes.ToUserData()) { IsSecret = true });
        return files;
    }

    private static string NodeHosts(string queue) => queue.EndsWith(".q", StringComparison.Ordinal) ? queue[..^2] : queue;

    private void Check()
    {
        if (!ClassName().IsMatch(NodeName)) throw Invalid(nameof(NodeName), NodeName, "a letter, then letters, digits and hyphens, at most 40 and no digit at the end, such as burst-");
        if (Count is < 1 or > 4096) throw Invalid(nameof(Count), Count, "1 to 4096");
        if (Cpu is < 1 or > 65_535) throw Invalid(nameof(Cpu), Cpu, "1 to 65535");
        if (Memory < ByteSize.FromMiB(256)) throw Invalid(nameof(Memory), Memory, "256MB or more");
        if (Gpu is < 0 or > 1024) throw Invalid(nameof(Gpu), Gpu, "0 to 1024");
        if (!QueueName().IsMatch(LocalQueue)) throw Invalid(nameof(LocalQueue), LocalQueue, "the name of a queue, such as all.q");
        if (!QueueName().IsMatch(BurstQueue)) throw Invalid(nameof(BurstQueue), BurstQueue, "a name with letters, digits, hyphens, dots and underscores, such as burst.q");
        if (BurstQueue == LocalQueue) throw Invalid(nameof(BurstQueue), BurstQueue, "another name than that of the local queue");
        if (MaxJobTime is { } most && most < TimeSpan.FromSeconds(1)) throw Invalid(nameof(MaxJobTime), most, "1 s or more, or null for no limit");
    }

    private static InvalidInputException Invalid(string field, object value, string right) =>
        new("GridEngineConfigurationInvalid", FormattableString.Invariant($"{field} is '{value}', which Grid Engine would not take. Right would be: {right}."), field);

    [GeneratedRegex("^[A-Za-z]([A-Za-z0-9-]{0,38}[A-Za-z-])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClassName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_.-]{0,63}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex QueueName();
}
