using System.Diagnostics;
using System.Globalization;
using StratusLab.Rig;

namespace StratusLab.Sdk.Tests;

/// <summary>This test program in another process.</summary>
internal sealed class OtherProcess : IAsyncDisposable
{
    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    public static OtherProcess Start(params string[] arguments) => StartOn(null, arguments);

    /// <summary>The same, on a shared site.</summary>
    public static OtherProcess StartOn(string? database, params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        info.ArgumentList.Add(typeof(OtherProcess).Assembly.Location);
        info.Environment["STRATUS_SITE"] = database;
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        return new OtherProcess(Process.Start(info)!);
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync();

    public async Task<string[]> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The code with which it ended, killed or not.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>As <c>kill -STOP</c> does: it stands still, and its connections with it.</summary>
    public Task StopAsync() => Command.RunAsync("kill", ["-STOP", _process.Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>As <c>kill -9</c> does, without waiting for the end.</summary>
    public void Kill() => _process.Kill();

    /// <summary>As <c>kill -9</c> does: nothing of its own runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
