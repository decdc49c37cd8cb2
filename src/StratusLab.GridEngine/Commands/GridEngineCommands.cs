using System.ComponentModel;
using System.Diagnostics;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Runs Grid Engine's own commands: each a process with an argument list and a time limit, its output read as it comes.</summary>
internal sealed class GridEngineCommands(GridEngineOptions options)
{
    // Grid Engine's messages are a few lines; what is beyond is read and dropped, or the command would wait for a reader.
    private const int KeptOutput = 64 << 10;

    /// <summary>Runs a command for what it does, and returns what it says.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ReadAsync(program, arguments, KeepAsync, cancellationToken);

    /// <summary>Runs a command and reads its output with the reader given, while it writes.</summary>
    /// <exception cref="StratusException">As <see cref="GridEngineFailure"/> reads it from the command's exit code and its words; <c>GridEngineNotFound</c>: there is no such command.</exception>
    public async Task<T> ReadAsync<T>(string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task<T>> reader, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CommandTimeout);
        using var process = Start(program, arguments);
        try
        {
            process.StandardInput.Close();
            var error = KeepAsync(process.StandardError.BaseStream, limit.Token);
            var (result, broken) = await TryReadAsync(reader, process.StandardOutput.BaseStream, limit.Token).ConfigureAwait(false);
            var words = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);

            // A command that failed wrote nothing, or half: why it failed is worth more than what its output lacks.
            // Some of the commands say on their output why they refused.
            if (process.ExitCode != 0) throw GridEngineFailure.Of(program, process.ExitCode, $"{words}\n{result as string}");
            return broken is null ? result! : throw broken;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw GridEngineFailure.TooSlow(program, options.CommandTimeout);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(T? Result, StratusException? Broken)> TryReadAsync<T>(
        Func<Stream, CancellationToken, Task<T>> reader, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader(stream, cancellationToken).ConfigureAwait(false), null);
        }
        catch (HostProtocolException e)
        {
            await stream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            return (default, e);
        }
    }

    private static async Task<string> KeepAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4 << 10];
        using var kept = new MemoryStream();
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            kept.Write(buffer, 0, (int)Math.Min(count, KeptOutput - kept.Length));
        return System.Text.Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private Process Start(string program, IReadOnlyList<string> arguments)
    {
        var path = options.ProgramFolder is { } folder ? Path.Combine(folder, program) : program;
        var info = new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Times are written without a zone: as UTC they mean the same here.
        info.Environment["TZ"] = "UTC";
        info.Environment["LC_ALL"] = "C";
        if (options.Root is { } root) info.Environment["SGE_ROOT"] = root;
        if (options.Cell is { } cell) info.Environment["SGE_CELL"] = cell;

        // What a user set for their own eyes must not change what is read here.
        foreach (var name in (string[])["SGE_LONG_QNAMES", "SGE_LONG_JOB_NAMES", "SGE_SINGLE_LINE"]) info.Environment.Remove(name);
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new StratusException(
                "GridEngineNotFound", StratusErrorKind.NotFound, $"Grid Engine's command '{path}' cannot be started: {e.Message}. Install Grid Engine's client commands (Debian: gridengine-client), or name their folder.", e)
            { Resource = path };
        }
    }
}
