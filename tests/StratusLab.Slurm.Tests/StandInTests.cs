using StratusLab.Core;

namespace StratusLab.Slurm.Tests;

/// <summary>What is asked of releases that this machine does not have: stand-ins for Slurm's commands write down what they are asked.</summary>
public sealed class StandInTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stratus-standin-").FullName;

    [ShellFact]
    public async Task Later_release_is_asked_for_JSON()
    {
        Program("scontrol", "case $1 in --version) echo slurm 24.05.1 ;; *) cat nodes-v0.0.40.json ;; esac");
        Program("squeue", "cat jobs-v0.0.40.json");
        await using var slurm = Open();

        // One job has no limit of its own, so partitions are asked for too; here that answer names none.
        var snapshot = await slurm.ReadAsync();
        Assert.Equal((10, "i-0abc"), (snapshot.Nodes.Count, snapshot.Nodes.Single(node => node.Name == "c1").InstanceId));
        Assert.Equal(["squeue --all --json", "scontrol show nodes --all --json"], Asked().Where(line => line.Contains("json", StringComparison.Ordinal)));
    }

    [ShellFact]
    public async Task Build_without_JSON_is_asked_for_text_from_then_on()
    {
        Program("scontrol", "case $* in --version) echo slurm 23.11.4 ;; *--json*) echo 'scontrol: fatal: JSON plugin not found' >&2; exit 1 ;; *) cat nodes-22.05.txt ;; esac");
        Program("squeue", "case $* in *--json*) echo 'squeue: error: JSON serializer plugin not loaded' >&2; exit 1 ;; *) cat jobs-22.05.txt ;; esac");
        await using var slurm = Open();
        Assert.NotEmpty((await slurm.ReadAsync()).Jobs);
        Assert.NotEmpty((await slurm.ReadAsync()).Nodes);
        Assert.Equal(2, Asked().Count(line => line.Contains("json", StringComparison.Ordinal)));
    }

    [ShellFact]
    public async Task Site_that_forbids_several_partitions_lets_the_job_into_the_new_one()
    {
        Program("scontrol", "case $* in *batch,burst*) echo 'Requested partition configuration not available now for job 7' >&2; exit 1 ;; esac");
        await using var slurm = Open();
        await slurm.AllowAsync("7", ["batch", "burst"]);
        Assert.Equal(["scontrol update JobId=7 Partition=batch,burst", "scontrol update JobId=7 Partition=burst"], Asked());
    }

    [ShellFact]
    public async Task Many_jobs_take_few_commands_and_those_that_may_not_have_several_partitions_are_let_into_the_new_one()
    {
        Program("scontrol", "cd \"$(dirname \"$0\")\"; cat >orders; if grep -q '=batch,burst' orders; then echo 'Requested partition configuration not available now for job 7' >&2; mv orders first; exit 1; fi");
        await using var slurm = Open();
        Assert.Empty(await slurm.AllowJobsAsync(Enumerable.Range(1, 400).ToDictionary(i => $"{i}", _ => (IReadOnlyList<string>)["batch", "burst"], StringComparer.Ordinal)));
        Assert.Equal(2, Asked().Length);
        Assert.Equal("update JobId=400 Partition=batch,burst", File.ReadAllLines(Path.Combine(_folder, "first"))[^1]);
        Assert.Equal(["update JobId=7 Partition=burst"], File.ReadAllLines(Path.Combine(_folder, "orders")));
    }

    [ShellFact]
    public async Task Release_that_does_not_name_the_jobs_it_refuses_is_asked_by_halves()
    {
        Program("scontrol", "cd \"$(dirname \"$0\")\"; cat >orders; if grep -q '=3 ' orders; then echo 'Access/permission denied' >&2; exit 1; fi");
        await using var slurm = Open();
        var refused = await slurm.AllowJobsAsync(Enumerable.Range(1, 8).ToDictionary(i => $"{i}", _ => (IReadOnlyList<string>)["burst"], StringComparer.Ordinal));
        Assert.Equal(("3", StratusErrorKind.PermissionDenied), Assert.Single(refused.Select(r => (r.Key, r.Value.Kind))));
    }

    [ShellFact]
    public async Task Release_with_fields_for_the_instance_is_told_there()
    {
        Program("scontrol", "[ $1 != --version ] || echo slurm 23.11.4");
        await using var slurm = Open();
        await slurm.ChangeNodeAsync("c1", new BatchNodeChange { InstanceId = "i-1", InstanceType = "c7i.large", Action = BatchNodeAction.Drain, Reason = "spot" });
        Assert.Equal("scontrol update NodeName=c1 InstanceId=i-1 InstanceType=c7i.large State=DRAIN Reason=spot", Asked()[^1]);
    }

    [ShellFact]
    public async Task Leases_of_many_nodes_take_few_commands()
    {
        Program("scontrol", "");
        await using var slurm = Open();
        await slurm.RenewLeasesAsync([.. Enumerable.Range(1, 2500).Select(i => $"c{i}")], DateTimeOffset.FromUnixTimeSeconds(1795820000));
        Assert.Equal(3, Asked().Length);
        Assert.EndsWith(",c1000 Comment=stratus-lease=1795820000", Asked()[0], StringComparison.Ordinal);
    }

    [ShellTheory]
    [InlineData("Access/permission denied", "BatchSystemRefused", StratusErrorKind.PermissionDenied)]
    [InlineData("Requested node configuration is not available", "BatchSystemRefused", StratusErrorKind.Failed)]
    [InlineData("", "BatchSystemRefused", StratusErrorKind.Failed)]
    [InlineData("Invalid job id specified", "JobNotFound", StratusErrorKind.NotFound)]
    [InlineData("Unable to contact slurm controller (connect failure)", "BatchSystemUnreachable", StratusErrorKind.Connection)]
    [InlineData("error: slurm_send_node_msg: auth_g_create: REQUEST_UPDATE_JOB has authentication error\nUnexpected message received for job 7", "BatchSystemUnreachable", StratusErrorKind.Connection)]
    public async Task Refusal_is_told_apart_from_absence(string words, string id, StratusErrorKind kind)
    {
        Program("scontrol", $"printf '%s\\n' '{words}' >&2; exit 1");
        await using var slurm = Open();
        var e = await Assert.ThrowsAnyAsync<StratusException>(() => slurm.AllowAsync("7", ["burst"]));
        Assert.Equal((id, kind, kind == StratusErrorKind.Connection), (e.ErrorId, e.Kind, e.IsTransient));
    }

    [ShellFact]
    public async Task Much_that_is_said_is_not_kept()
    {
        Program("scontrol", "head -c 50000000 /dev/zero | tr '\\0' x >&2; exit 1");
        await using var slurm = Open();
        var e = await Assert.ThrowsAsync<HostRefusedException>(() => slurm.AllowAsync("7", ["burst"]));
        Assert.InRange(e.Message.Length, 1000, 100_000);
    }

    [Fact]
    public async Task Missing_Slurm_is_said()
    {
        await using var slurm = Open();
        var e = await Assert.ThrowsAsync<StratusException>(() => slurm.ReadAsync());
        Assert.Equal("SlurmNotFound", e.ErrorId);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SlurmBatchSystem Open() => new(new SlurmOptions { ProgramFolder = _folder });

    private string[] Asked() => File.ReadAllLines(Path.Combine(_folder, "asked"));

    private void Program(string name, string body)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/sh\necho \"{name} $*\" >>\"{_folder}/asked\"\ncd \"{Path.Combine(AppContext.BaseDirectory, "Captures")}\"\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
