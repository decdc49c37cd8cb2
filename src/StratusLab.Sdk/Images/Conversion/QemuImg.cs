using System.Diagnostics;
using System.Text.Json.Nodes;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Calls of qemu-img. Every file is opened by the driver that is named, and none that it names itself is followed.</summary>
internal static class QemuImg
{
    private const string Program = "qemu-img";

    /// <summary>Whether it is on the path.</summary>
    public static bool IsThere { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? Program + ".exe" : Program)));

    /// <summary>Converts a disk. The target is written anew.</summary>
    /// <param name="source">From <see cref="Source"/>.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="format">Its format, such as <c>qcow2</c>.</param>
    /// <param name="options">Options of the format, such as <c>subformat=streamOptimized</c>; null for none.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public static Task ConvertAsync(string source, string target, string format, string? options, CancellationToken cancellationToken) =>
        RunAsync(["convert", "-O", format, .. options is null ? (string[])[] : ["-o", options], source, target], cancellationToken);

    /// <summary>The name of the file that a disk only holds the differences to; null for none.</summary>
    public static async Task<string?> BackingFileAsync(string source, CancellationToken cancellationToken)
    {
        var info = JsonNode.Parse(await RunAsync(["info", "--output=json", source], cancellationToken).ConfigureAwait(false));
        return (string?)info?["backing-filename"];
    }

    /// <summary>A disk file, or a part of a file that is one (QEMU, "json:" pseudo-protocol).</summary>
    public static string Source(string path, string format, (long Offset, long Length)? part = null)
    {
        var file = new JsonObject { ["driver"] = "file", ["filename"] = path };
        if (part is var (offset, length)) file = new JsonObject { ["driver"] = "raw", ["offset"] = offset, ["size"] = length, ["file"] = file };
        var disk = new JsonObject { ["driver"] = format, ["file"] = file };
        if (format != "raw") disk["backing"] = null;
        return "json:" + disk.ToJsonString();
    }

    private static async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await ProcessRun.RunAsync(new ProcessStartInfo(Program, arguments) { UseShellExecute = false }, default, Missing, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0
            ? result.Output
            : throw new StratusException("DiskConversionFailed", StratusErrorKind.Failed, $"qemu-img could not {arguments[0]} the disk: {result.Error.Trim()}");
    }

    internal static StratusException Missing(Exception? cause) => new(
        "QemuImgNotFound", StratusErrorKind.NotFound, "Disks are converted by qemu-img, which is not here. Install it (Debian: qemu-utils; Fedora: qemu-img).", cause) { Resource = Program };
}
