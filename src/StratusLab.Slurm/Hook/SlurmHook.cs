using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>
/// The program that Slurm calls for cloud nodes, a short POSIX shell script: it has to run on whatever machine slurmctld is on, without a runtime there, and ends in
/// about 10 ms. Slurm gives these programs no arguments of ours, so the same file lies under three names.
/// </summary>
public static partial class SlurmHook
{
    /// <summary>The name for <c>ResumeProgram</c>.</summary>
    public const string ResumeProgram = "stratus-burst-resume";

    /// <summary>The name for <c>SuspendProgram</c>.</summary>
    public const string SuspendProgram = "stratus-burst-suspend";

    /// <summary>The name for <c>ResumeFailProgram</c>.</summary>
    public const string ResumeFailProgram = "stratus-burst-resume-fail";

    /// <summary>Where the hook writes requests if nothing else is said; it belongs to SlurmUser.</summary>
    public const string DefaultSpoolFolder = "/var/spool/stratuslab/burst";

    private const string SpoolLine = "spool=${STRATUS_BURST_SPOOL:-" + DefaultSpoolFolder + "}";

    /// <summary>The script's text.</summary>
    /// <param name="spoolFolder">The folder of requests on the controller, the one that <see cref="SlurmSpool"/> reads.</param>
    /// <exception cref="InvalidInputException"><c>SlurmConfigurationInvalid</c>: it is no full path, or has characters that a shell would not take as they are.</exception>
    public static string Script(string spoolFolder = DefaultSpoolFolder)
    {
        ArgumentNullException.ThrowIfNull(spoolFolder);
        if (!FullPath().IsMatch(spoolFolder))
            throw new InvalidInputException("SlurmConfigurationInvalid", $"'{spoolFolder}' is no folder for requests: right would be a full path of letters, digits, dots, hyphens and underscores.", nameof(spoolFolder));
        return BatchScript.Read(typeof(SlurmHook).Assembly, "stratus-burst-hook.sh").Replace(SpoolLine, SpoolLine.Replace(DefaultSpoolFolder, spoolFolder, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>Writes the three programs, executable for all, into a folder that is made if need be; programs that are there are replaced.</summary>
    /// <returns>The files.</returns>
    /// <inheritdoc cref="Script" path="/exception"/>
    public static async Task<IReadOnlyList<string>> WriteAsync(string folder, string spoolFolder = DefaultSpoolFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var written = new List<string>();
        foreach (var file in Files(spoolFolder)) written.Add(await file.WriteAsync(folder, replace: true, cancellationToken).ConfigureAwait(false));
        return written;
    }

    internal static IEnumerable<BatchConfigurationFile> Files(string spoolFolder)
    {
        var script = Script(spoolFolder);
        return ((string[])[ResumeProgram, SuspendProgram, ResumeFailProgram]).Select(name => new BatchConfigurationFile(name, script) { IsExecutable = true });
    }

    [GeneratedRegex("^/[A-Za-z0-9_./-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FullPath();
}
