using System.ComponentModel;
using System.Diagnostics;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Runs Grid Engine's own commands: each a process with an argument list and a time limit, its output read as it comes.</summary>
internal sealed class GridEngineCommands(GridEngineOptions options)
{
    /// <summary>Runs a command for what it does, and returns what it says.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ReadAsync(program, arguments, BatchCommand.ReadTextAsync, cancellationToken);

    /// <summary>Runs a command and reads its output with the reader given, while it writes.</summary>
    /// <exception cref="StratusException">As <see cref="GridEngineFailure"/> reads it from the command's exit code and its words; <c>GridEngineNotFound</c>: there is no such command.</exception>
    public async Task<T> ReadAsync<T>(string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task<T>> reader, CancellationToken cancellationToken)
    {
        var command = CommandOf(program, arguments);
        try
        {
            var result = await BatchCommand.RunAsync(command, string.Empty, reader, options.CommandTimeout, cancellationToken).ConfigureAwait(false);

            // Some of the commands say on their output why they refused.
            if (result.ExitCode != 0) throw GridEngineFailure.Of(program, result.ExitCode, $"{result.Error}\n{result.Output as string}");
            return result.Broken is null ? result.Output! : throw result.Broken;
        }
        catch (TimeoutException)
        {
            throw GridEngineFailure.TooSlow(program, options.CommandTimeout);
        }
        catch (Win32Exception e)
        {
            throw new StratusException(
                "GridEngineNotFound", StratusErrorKind.NotFound, $"Grid Engine's command '{command.FileName}' cannot be started: {e.Message}. Install Grid Engine's client commands (Debian: gridengine-client), or name their folder.", e)
            { Resource = command.FileName };
        }
    }

    private ProcessStartInfo CommandOf(string program, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(options.ProgramFolder is { } folder ? Path.Combine(folder, program) : program, arguments);

        // Times are written without a zone: as UTC they mean the same here.
        info.Environment["TZ"] = "UTC";
        info.Environment["LC_ALL"] = "C";
        if (options.Root is { } root) info.Environment["SGE_ROOT"] = root;
        if (options.Cell is { } cell) info.Environment["SGE_CELL"] = cell;

        // What a user set for their own eyes must not change what is read here.
        foreach (var name in (string[])["SGE_LONG_QNAMES", "SGE_LONG_JOB_NAMES", "SGE_SINGLE_LINE"]) info.Environment.Remove(name);
        return info;
    }
}
