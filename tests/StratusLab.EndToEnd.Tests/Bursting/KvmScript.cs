using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using StratusLab.Rig;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>A script in a pwsh of its own, that runs beside the test and can be interrupted as with Ctrl-C.</summary>
internal sealed class KvmScript : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;

    private KvmScript(Process process, ITestOutputHelper output)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
    }

    /// <summary>What it wrote until now.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public bool HasExited => _process.HasExited;

    public static KvmScript Start(string home, string script, ITestOutputHelper output, params string[] arguments)
    {
        // What started the tests may have had interrupts ignored, which a child inherits.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "pwsh", "-NoProfile", "-NonInteractive", "-File", script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["STRATUS_HOME"] = home, ["NO_COLOR"] = "1" },
        };
        return new KvmScript(Process.Start(start) ?? throw new InvalidOperationException("env did not start."), output);
    }

    public Task InterruptAsync() => Command.RunAsync("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public async Task EndAsync(TimeSpan within)
    {
        await _process.WaitForExitAsync().WaitAsync(within);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, ITestOutputHelper output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            output.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {line}");
        }
    }
}
