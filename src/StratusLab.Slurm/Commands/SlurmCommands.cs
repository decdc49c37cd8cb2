using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Runs Slurm's own commands: each a process with an argument list and a time limit, its output read as it comes.</summary>
internal sealed class SlurmCommands(SlurmOptions options)
{
    // Slurm's messages are a few lines; what is beyond is read and dropped, or the command would wait for a reader.
    private const int KeptOutput = 64 << 10;

    /// <summary>Runs a command for what it does, and returns what it says.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ReadAsync(program, arguments, KeepAsync, cancellationToken);

    /// <summary>Has one process carry out many orders, as if each were the arguments of a process: a thousand take a second.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<string> RunAllAsync(string program, IReadOnlyList<IReadOnlyList<string>> orders, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var order in orders) lines.AppendJoin(' ', order.Select(Quote)).Append('\n');
        return RunAsync(program, [], KeepAsync, lines.ToString(), cancellationToken);
    }

    /// <summary>Runs a command and reads its output with the reader given, while it writes.</summary>
    /// <exception cref="StratusException">As <see cref="SlurmFailure"/> reads it from the command's exit code and its words; <c>SlurmNotFound</c>: there is no such command.</exception>
    public Task<T> ReadAsync<T>(string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task<T>> reader, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, reader, string.Empty, cancellationToken);

    private async Task<T> RunAsync<T>(string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task<T>> reader, string input, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CommandTimeout);
        using var process = Start(program, arguments);
        try
        {
            var error = KeepAsync(process.StandardError.BaseStream, limit.Token);
            var giving = GiveAsync(process.StandardInput, input, limit.Token);
            var (result, broken) = await TryReadAsync(reader, process.StandardOutput.BaseStream, limit.Token).ConfigureAwait(false);
            await giving.ConfigureAwait(false);
            var words = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);

            // A command that failed wrote nothing, or half: why it failed is worth more than what its output lacks.
            if (process.ExitCode != 0) throw SlurmFailure.Of(program, arguments, process.ExitCode, words);
            return broken is null ? result! : throw broken;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw SlurmFailure.TooSlow(program, options.CommandTimeout);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task GiveAsync(StreamWriter writer, string input, CancellationToken cancellationToken)
    {
        try
        {
            await using (writer.ConfigureAwait(false)) await writer.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended before it read all: its exit code tells why.
        }
    }

    // Blanks part the words of a line, and double quotes hold them together; there is no way to write one within them, and a line's end ends an order.
    private static string Quote(string argument)
    {
        var (name, value) = argument.Split('=', 2) is [var left, var right] ? (left + "=", right) : ("", argument);
        if (!value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'')) return argument;
        return $"{name}\"{string.Concat(value.Select(c => c is '"' ? '\'' : char.IsControl(c) ? ' ' : c))}\"";
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
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
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

        // Times as seconds since 1970, whatever zone the controller lives in; lists of array tasks as long as Slurm gives them.
        info.Environment["SLURM_TIME_FORMAT"] = "%s";
        info.Environment["SLURM_BITSTR_LEN"] = "0";
        if (options.ConfigurationFile is { } configuration) info.Environment["SLURM_CONF"] = configuration;

        // What a user set for their own eyes must not change what is read here.
        foreach (var name in (string[])["SQUEUE_FORMAT", "SQUEUE_FORMAT2", "SQUEUE_STATES", "SQUEUE_PARTITION", "SQUEUE_USERS", "SQUEUE_ACCOUNT", "SQUEUE_ARRAY", "SLURM_CLUSTERS"])
            info.Environment.Remove(name);
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new StratusException(
                "SlurmNotFound", StratusErrorKind.NotFound, $"Slurm's command '{path}' cannot be started: {e.Message}. Install Slurm's client commands (Debian: slurm-client), or name their folder.", e)
            { Resource = path };
        }
    }
}
