using System.Diagnostics;
using StratusLab.Ec2.Emulator;

namespace StratusLab.EndToEnd.Tests;

/// <summary>A process that works on a site and can be killed in the middle of it.</summary>
internal sealed class SiteProcess : IDisposable
{
    private readonly Process _process;
    private readonly System.Text.StringBuilder _lines = new();
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private SiteProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static SiteProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts with more in its environment than this process has.</summary>
    public static SiteProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "StratusLab.SiteProcess.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new SiteProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>The environment in which the AWS SDK finds the keys of an emulated account.</summary>
    public static Dictionary<string, string> KeysOf(Ec2Emulator emulator) =>
        new() { ["AWS_ACCESS_KEY_ID"] = emulator.Cloud.Options.AccessKeyId, ["AWS_SECRET_ACCESS_KEY"] = emulator.Cloud.Options.SecretAccessKey };

    /// <summary>SIGKILL: nothing in the process gets to run any more.</summary>
    public void Kill() => _process.Kill();

    public async Task<(int ExitCode, string Output, string Error)> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, await _error);
    }

    /// <summary>What it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines) return _lines.ToString();
        }
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines) _lines.AppendLine(line);
        }

        return Output;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
