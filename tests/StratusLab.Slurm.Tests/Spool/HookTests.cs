using StratusLab.Rig;

namespace StratusLab.Slurm.Tests.Spool;

/// <summary>The hook as slurmctld runs it, and what the spool makes of what it wrote.</summary>
public sealed class HookTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stratus-hook-").FullName;

    private string Spool => Path.Combine(_folder, "spool");

    [ShellFact]
    public async Task Request_is_one_private_file_that_the_spool_reads()
    {
        var resumeFile = Path.Combine(_folder, "resume.json");
        await File.WriteAllTextAsync(resumeFile, """{"all_nodes_resume":"c[1-2]","jobs":[{"features":"gpu","job_id":42,"nodes_alloc":"c[1-3]","nodes_resume":"c[1-2]","oversubscribe":"NO","partition":"burst"}]}""");
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        await RunAsync(SlurmHook.ResumeProgram, ["c[1-2]"], resumeFile);

        var file = Assert.Single(Directory.GetFiles(Spool));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Spool));

        var request = await FirstAsync();
        Assert.Equal((SlurmRequestKind.Resume, "c1 c2"), (request.Kind, string.Join(' ', request.Nodes)));
        Assert.InRange(request.At, before, DateTimeOffset.UtcNow);
        var job = Assert.Single(request.Jobs);
        Assert.Equal(("42", "burst", 3, 2, "gpu"), (job.Id, job.Partition, job.Nodes.Count, job.ResumedNodes.Count, job.Features));
    }

    [ShellFact]
    public async Task Resume_file_of_the_older_shape_is_read()
    {
        var resumeFile = Path.Combine(_folder, "resume.json");
        await File.WriteAllTextAsync(resumeFile, """{"jobs":[{"job_id":1,"nodes":"c[1-2]"}],"all_nodes":"c[1-2]"}""");
        await RunAsync(SlurmHook.ResumeProgram, ["c[1-2]"], resumeFile);
        var job = Assert.Single((await FirstAsync()).Jobs);
        Assert.Equal(("1", "c1 c2"), (job.Id, string.Join(' ', job.ResumedNodes)));
    }

    [ShellFact]
    public async Task Name_says_what_is_asked_and_requests_keep_their_order()
    {
        await RunAsync(SlurmHook.ResumeProgram, ["c1"]);
        await RunAsync(SlurmHook.SuspendProgram, ["c[2-3],d7"]);
        await RunAsync(SlurmHook.ResumeFailProgram, ["c4"]);
        var requests = new List<SlurmRequest>();
        await foreach (var request in new SlurmSpool(Spool).WatchAsync().WithTimeout())
        {
            requests.Add(request);
            if (requests.Count == 3) break;
        }

        Assert.Equal([SlurmRequestKind.Resume, SlurmRequestKind.Suspend, SlurmRequestKind.ResumeFail], requests.Select(request => request.Kind));
        Assert.Equal(["c2", "c3", "d7"], requests[1].Nodes);
    }

    [ShellFact]
    public async Task Request_stands_whatever_the_resume_file_holds()
    {
        var resumeFile = Path.Combine(_folder, "resume.json");
        await File.WriteAllTextAsync(resumeFile, "{\"jobs\":[{\"job_id\":\"\n");
        await RunAsync(SlurmHook.ResumeProgram, ["c1"], resumeFile);
        var request = await FirstAsync();
        Assert.Equal(("c1", 0), (request.Nodes[0], request.Jobs.Count));
    }

    [ShellTheory]
    [InlineData("c1\",\"x\":\"")]
    [InlineData("")]
    [InlineData("c1 c2")]
    [InlineData("c1;reboot")]
    public async Task What_is_no_node_list_is_refused_in_a_line(string nodes)
    {
        var (code, _, error) = await TryAsync(SlurmHook.ResumeProgram, [nodes]);
        Assert.NotEqual(0, code);
        Assert.StartsWith(SlurmHook.ResumeProgram + ": ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.False(Directory.Exists(Spool) && Directory.EnumerateFiles(Spool).Any());
    }

    [ShellFact]
    public async Task Folder_that_cannot_be_written_is_said()
    {
        await File.WriteAllTextAsync(Spool, "a file in its place");
        var (code, _, error) = await TryAsync(SlurmHook.SuspendProgram, ["c1"]);
        Assert.NotEqual(0, code);
        Assert.Contains(Spool, error, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => SlurmHook.WriteAsync(_folder, Spool);

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private async Task<SlurmRequest> FirstAsync()
    {
        await foreach (var request in new SlurmSpool(Spool).WatchAsync().WithTimeout()) return request;
        throw new InvalidOperationException("The watch ended.");
    }

    private async Task RunAsync(string program, string[] arguments, string? resumeFile = null)
    {
        var (code, _, error) = await TryAsync(program, arguments, resumeFile);
        Assert.Equal((0, ""), (code, error));
    }

    // slurmctld gives its programs next to no environment.
    private Task<(int Code, string Output, string Error)> TryAsync(string program, string[] arguments, string? resumeFile = null) =>
        Command.TryAsync("env", ["-i", .. resumeFile is null ? (string[])[] : ["SLURM_RESUME_FILE=" + resumeFile], Path.Combine(_folder, program), .. arguments]);
}
