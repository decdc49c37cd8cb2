using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Runs Slurm's own commands: each a process with an argument list and a time limit, its output read as it comes.</summary>
internal sealed class SlurmCommands(SlurmOptions options)
{
    /// <summary>Runs a command for what it does, and returns what it says.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ReadAsync(program, arguments, BatchCommand.ReadTextAsync, cancellationToken);

    /// <summary>Has one process carry out many orders, as if each were the arguments of a process: a thousand take a second.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public async Task RunAllAsync(string program, IReadOnlyList<IReadOnlyList<string>> orders, CancellationToken cancellationToken)
    {
        var (exitCode, words) = await TryAllAsync(program, orders, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0) throw SlurmFailure.Of(program, [], exitCode, words);
    }

    /// <summary>As <see cref="RunAllAsync"/>, for those who find out of the command's words which orders were refused.</summary>
    /// <returns>Zero if all were carried out, and what it complained of.</returns>
    public async Task<(int ExitCode, string Words)> TryAllAsync(string program, IReadOnlyList<IReadOnlyList<string>> orders, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var order in orders) lines.AppendJoin(' ', order.Select(Quote)).Append('\n');
        var result = await StartAsync(program, [], BatchCommand.ReadTextAsync, lines.ToString(), cancellationToken).ConfigureAwait(false);
        return (result.ExitCode, result.Error);
    }

    /// <summary>Runs a command and reads its output with the reader given, while it writes.</summary>
    /// <exception cref="StratusException">As <see cref="SlurmFailure"/> reads it from the command's exit code and its words; <c>SlurmNotFound</c>: there is no such command.</exception>
    public async Task<T> ReadAsync<T>(string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task<T>> reader, CancellationToken cancellationToken)
    {
        var result = await StartAsync(program, arguments, reader, string.Empty, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0) throw SlurmFailure.Of(program, arguments, result.ExitCode, result.Error);
        return result.Broken is null ? result.Output! : throw result.Broken;
    }

    private async Task<BatchCommandResult<T>> StartAsync<T>(
        string program, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task<T>> reader, string input, CancellationToken cancellationToken)
    {
        var command = CommandOf(program, arguments);
        try
        {
            return await BatchCommand.RunAsync(command, input, reader, options.CommandTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw SlurmFailure.TooSlow(program, options.CommandTimeout);
        }
        catch (Win32Exception e)
        {
            throw new StratusException(
                "SlurmNotFound", StratusErrorKind.NotFound, $"Slurm's command '{command.FileName}' cannot be started: {e.Message}. Install Slurm's client commands (Debian: slurm-client), or name their folder.", e)
            { Resource = command.FileName };
        }
    }

    // Blanks part the words of a line, and double quotes hold them together; there is no way to write one within them, and a line's end ends an order.
    private static string Quote(string argument)
    {
        var (name, value) = argument.Split('=', 2) is [var left, var right] ? (left + "=", right) : ("", argument);
        if (!value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'')) return argument;
        return $"{name}\"{string.Concat(value.Select(c => c is '"' ? '\'' : char.IsControl(c) ? ' ' : c))}\"";
    }

    private ProcessStartInfo CommandOf(string program, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(options.ProgramFolder is { } folder ? Path.Combine(folder, program) : program, arguments);

        // Times as seconds since 1970, whatever zone the controller lives in; lists of array tasks as long as Slurm gives them.
        info.Environment["SLURM_TIME_FORMAT"] = "%s";
        info.Environment["SLURM_BITSTR_LEN"] = "0";
        if (options.ConfigurationFile is { } configuration) info.Environment["SLURM_CONF"] = configuration;

        // What a user set for their own eyes must not change what is read here.
        foreach (var name in (string[])["SQUEUE_FORMAT", "SQUEUE_FORMAT2", "SQUEUE_STATES", "SQUEUE_PARTITION", "SQUEUE_USERS", "SQUEUE_ACCOUNT", "SQUEUE_ARRAY", "SLURM_CLUSTERS"])
            info.Environment.Remove(name);
        return info;
    }
}
