using System.Diagnostics;
using StratusLab.Ec2.Emulator;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>A script in a real pwsh, on a site of a folder, with the keys of an emulated region.</summary>
internal static class ShellRun
{
    /// <summary>Runs it to its good end.</summary>
    /// <returns>The lines that it wrote.</returns>
    public static async Task<string[]> RunAsync(string home, string script, params string[] arguments)
    {
        var keys = new EmulatorOptions();
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-File", script, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["STRATUS_HOME"] = home, ["NO_COLOR"] = "1", ["AWS_ACCESS_KEY_ID"] = keys.AccessKeyId, ["AWS_SECRET_ACCESS_KEY"] = keys.SecretAccessKey,
                ["AWS_EC2_METADATA_DISABLED"] = "true", ["AWS_CONFIG_FILE"] = "/dev/null", ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("pwsh did not start.");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(35));
        var written = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        var text = await written;
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(script)}: {text}{await errors}");
        return text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
