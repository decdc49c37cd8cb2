using System.Diagnostics;
using System.Globalization;

namespace StratusLab.Benchmarks;

/// <summary>A peer that stays: per line that it is given, it does its work once and answers with the seconds that took and what it saw.</summary>
internal sealed class LinePeer(string program, IEnumerable<string> arguments) : IAsyncDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException($"{program} did not start.");

    /// <summary>The seconds it took, and how many it saw.</summary>
    public async Task<(TimeSpan Time, int Seen)> AskAsync(CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync("go".AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        var answer = await _process.StandardOutput.ReadLineAsync(cancel) ?? throw new InvalidOperationException("The peer ended.");
        var parts = answer.Split(' ');
        return (TimeSpan.FromSeconds(double.Parse(parts[0], CultureInfo.InvariantCulture)), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
