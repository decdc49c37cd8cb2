using System.Diagnostics;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>A process that is up when it says so, and ends when its standard input closes.</summary>
internal static class GuestProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Guests", name);

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Waits until it says so.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it said.</exception>
    public static async Task IsUpAsync(Process process, CancellationToken cancellationToken)
    {
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "up")
            {
                // Read on, so that whatever writes never waits.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }

            said.Add(line);
        }

        throw new InvalidOperationException($"{process.StartInfo.FileName} ended: {string.Join('\n', said)}{await process.StandardError.ReadToEndAsync(cancellationToken)}");
    }

    public static async Task EndAsync(Process process)
    {
        using (process)
        {
            try
            {
                process.StandardInput.Close();
                using var patience = new CancellationTokenSource(Patience);
                await process.WaitForExitAsync(patience.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }
}
