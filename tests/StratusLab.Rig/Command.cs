using System.Diagnostics;

namespace StratusLab.Rig;

/// <summary>Runs a program to its end.</summary>
public static class Command
{
    /// <summary>Runs the program and returns what it wrote to its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than zero; the message holds its error output.</exception>
    public static Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel = default) =>
        RunAsync(program, arguments, input: null, cancel);

    /// <summary>The same, with text given to its standard input.</summary>
    public static async Task<string> RunAsync(
        string program, IEnumerable<string> arguments, string? input, CancellationToken cancel = default)
    {
        var (code, output, error) = await TryAsync(program, arguments, input, cancel);
        return code == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {error.Trim()} {output.Trim()}");
    }

    /// <summary>The same, without throwing for an exit code.</summary>
    public static async Task<(int Code, string Output, string Error)> TryAsync(
        string program, IEnumerable<string> arguments, string? input = null, CancellationToken cancel = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
