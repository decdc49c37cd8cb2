using System.Globalization;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Slurm.Tests.Configuration;

/// <summary>The script in the guest, with a stand-in for Slurm's command and for what turns the machine off. In its own process namespace: it looks for job steps.</summary>
public sealed class LeaseScriptTests : IAsyncLifetime
{
    private const string Never = "999999999";
    private const string NoJob = "true";
    private readonly string _folder = Directory.CreateTempSubdirectory("stratus-lease-").FullName;

    [RequiresFact(Need.Slurm)]
    public async Task Young_machine_stays() => Assert.Equal("", await RunAsync(lease: Never, told: ""));

    [RequiresFact(Need.Slurm)]
    public async Task Machine_that_took_long_to_boot_stays_when_it_is_set_up()
    {
        var up = (int)double.Parse((await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(up, 2, int.MaxValue);
        Assert.Equal("", await RunAsync(lease: Text(up - 1), told: ""));
        await File.WriteAllTextAsync(Path.Combine(_folder, "first"), "0\n");
        Assert.Equal("POWER_DOWN off", await RunAsync(lease: Text(up - 1), told: ""));

        static string Text(int seconds) => seconds.ToString(CultureInfo.InvariantCulture);
    }

    [RequiresFact(Need.Slurm)]
    public async Task Machine_that_nobody_speaks_for_goes() => Assert.Equal("POWER_DOWN off", await RunAsync(lease: "0", told: ""));

    [RequiresFact(Need.Slurm)]
    public async Task Machine_whose_lease_has_ended_goes() => Assert.Equal("POWER_DOWN off", await RunAsync(lease: "0", told: Lease(-60)));

    [RequiresFact(Need.Slurm)]
    public async Task Machine_with_a_lease_stays() => Assert.Equal("", await RunAsync(lease: "0", told: Lease(600)));

    [RequiresFact(Need.Slurm)]
    public async Task Lease_is_remembered_when_Slurm_does_not_answer()
    {
        Assert.Equal("", await RunAsync(lease: "0", told: Lease(600)));
        Assert.Equal("", await RunAsync(lease: "0", told: ""));
    }

    [RequiresFact(Need.Slurm)]
    public async Task Machine_that_runs_a_step_of_a_job_stays() =>
        Assert.Equal("", await RunAsync(lease: "0", told: Lease(-60), beside: "(exec -a 'slurmstepd: [7.batch]' sleep 60) & sleep 0.2"));

    /// <summary>Slurm keeps one for itself where control groups are of the second version.</summary>
    [RequiresFact(Need.Slurm)]
    public async Task Step_daemon_that_runs_no_job_keeps_no_machine() =>
        Assert.Equal("POWER_DOWN off", await RunAsync(lease: "0", told: Lease(-60), beside: "(exec -a '/usr/sbin/slurmstepd infinity' sleep 60) & sleep 0.2"));

    [RequiresFact(Need.Slurm)]
    public async Task Machine_that_is_too_old_goes_whatever_it_runs() =>
        Assert.Equal("DOWN off", await RunAsync(lease: "0", told: Lease(600), lifetime: "1", beside: "(exec -a 'slurmstepd: [7.batch]' sleep 60) & sleep 0.2"));

    [RequiresTheory(Need.Slurm)]
    [InlineData(" Comment=somebody's own words ")]
    [InlineData(" Comment=stratus-lease=soon ")]
    [InlineData(" Extra=stratus-lease=99999999999 ")]
    public async Task Other_words_are_no_lease(string told) => Assert.Equal("POWER_DOWN off", await RunAsync(lease: "0", told: told));

    public async Task InitializeAsync()
    {
        await ProgramAsync("scontrol",
            """
            case $1 in
              show) [ -s "$HERE/told" ] || exit 1; cat "$HERE/told" ;;
              update) for word; do case $word in State=*) printf '%s ' "${word#State=}" >>"$HERE/done" ;; esac; done ;;
            esac
            """);
        await ProgramAsync("systemctl", "[ \"$1\" = poweroff ] && printf off >>\"$HERE/done\"");
        await File.WriteAllTextAsync(Path.Combine(_folder, "stratus-lease"), new BatchNodeUserData { LeaseFunctions = SlurmNodeSetup.LeaseFunctions }.LeaseScript);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static string Lease(int seconds) => $" OS=Linux Comment=stratus-lease={DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds()} Extra=x ";

    // What the script did: the state that it told Slurm, and whether it turned the machine off.
    private async Task<string> RunAsync(string lease, string told, string lifetime = Never, string beside = NoJob)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "told"), told);
        await Command.RunAsync("unshare",
            ["--pid", "--fork", "--mount-proc", "--kill-child", "env", $"HERE={_folder}", $"PATH={_folder}:/usr/bin:/bin", $"RUNTIME_DIRECTORY={_folder}",
            $"STRATUS_LEASE_SECONDS={lease}", $"STRATUS_MAX_LIFETIME_SECONDS={lifetime}",
            "bash", "-c", beside + " >/dev/null 2>&1; sh \"$HERE/stratus-lease\""]);
        var done = Path.Combine(_folder, "done");
        return File.Exists(done) ? await File.ReadAllTextAsync(done) : "";
    }

    private async Task ProgramAsync(string name, string body)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
