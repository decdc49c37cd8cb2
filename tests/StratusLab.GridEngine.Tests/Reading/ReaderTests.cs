using System.Text;
using StratusLab.Core;

namespace StratusLab.GridEngine.Tests.Reading;

/// <summary>What a qmaster of 8.1.9 wrote, and what no qmaster should write.</summary>
public sealed class ReaderTests
{
    private static string Captured(string name) => Path.Combine(AppContext.BaseDirectory, "Captures", name);

    [Fact]
    public async Task Jobs_and_hosts_of_8_1_9_are_read()
    {
        await using var qstat = File.OpenRead(Captured("qstat-8.1.9.xml"));
        await using var qhost = File.OpenRead(Captured("qhost-8.1.9.xml"));
        var reading = await QstatReader.ReadAsync(qstat, CancellationToken.None);
        var hosts = await QhostReader.ReadAsync(qhost, CancellationToken.None);
        var complexes = ComplexTable.Read(await File.ReadAllTextAsync(Captured("complexes-8.1.9.txt")));
        var rules = new Dictionary<string, string>(StringComparer.Ordinal) { ["smp"] = "$pe_slots", ["mpi2"] = "2" };
        var jobs = new JobModel(reading, complexes, rules, hosts).Read().ToDictionary(job => job.Name, StringComparer.Ordinal);

        Assert.Equal((BatchJobState.Pending, 1, 4, 4, 4), (jobs["wait1"].State, jobs["wait1"].NodeCount, jobs["wait1"].CpuPerNode, (int)(jobs["wait1"].MemoryPerNode.Bytes >> 30), jobs["wait1"].GpuPerNode));
        Assert.Equal((TimeSpan.FromMinutes(5), "root"), (jobs["wait1"].TimeLimit, jobs["wait1"].User));
        Assert.Equal((null, true), (jobs["wait1"].StartedAt, jobs["wait1"].SubmittedAt.Year > 2000));
        Assert.All((string[])["run1", "mpirun"], name => Assert.True(jobs[name].StartedAt > DateTimeOffset.UnixEpoch));
        Assert.Equal((BatchJobState.Running, 2, 2), (jobs["mpirun"].State, jobs["mpirun"].NodeCount, jobs["mpirun"].CpuPerNode));
        Assert.Equal(["burst-1", "n2"], jobs["mpirun"].Nodes.Order(StringComparer.Ordinal));
        Assert.Equal(["batch.q", "burst.q"], jobs["mpirun"].Partitions);
        Assert.All((string[])["held", "dep", "future"], name => Assert.Equal(BatchJobState.Held, jobs[name].State));
        Assert.Equal(TimeSpan.FromHours(1), jobs["arr"].TimeLimit);
        Assert.Equal(["batch.q", "burst.q"], jobs["anyq"].Partitions.Order(StringComparer.Ordinal));

        var nodes = hosts.Select(host => HostModel.Of(host, "burst.q")).ToDictionary(node => node.Name, StringComparer.Ordinal);
        Assert.Equal((BatchNodeState.PoweredDown, true, 4), (nodes["burst-2"].State, nodes["burst-2"].IsCloud, nodes["burst-2"].Cpu));
        Assert.Equal((BatchNodeState.Allocated, false), (nodes["n1"].State, nodes["n1"].IsCloud));
        Assert.Equal(("i-0a1b2c3d", "198.19.199.12"), (nodes["burst-1"].InstanceId, nodes["burst-1"].Address));

        // Of one kind, whether off or in use.
        Assert.Equal((nodes["burst-1"].Cpu, nodes["burst-1"].Memory, nodes["burst-1"].Gpu), (nodes["burst-2"].Cpu, nodes["burst-2"].Memory, nodes["burst-2"].Gpu));
        Assert.Equal(3680, nodes["burst-2"].Memory.Bytes >> 20);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<job_info><job_info><job_list state=\"pending\"><JB_job_number>1</JB_job")]
    [InlineData("<other/>")]
    [InlineData("<job_info><job_list><state>qw</state></job_list></job_info>")]
    [InlineData("<job_info><job_list><JB_job_number>1</JB_job_number><state>r</state></job_list></job_info>")]
    [InlineData("<!DOCTYPE job_info [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><job_info>&b;</job_info>")]
    public async Task What_is_no_answer_of_qstat_is_refused(string text)
    {
        var error = await Assert.ThrowsAsync<HostProtocolException>(() => QstatReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), CancellationToken.None));
        Assert.Equal("GridEngineOutputInvalid", error.ErrorId);
    }

    [Fact]
    public void State_that_is_not_known_holds_a_job() =>
        Assert.Equal(BatchJobState.Held, GridEngineJobState.Of(new QueuedJob { Id = 1, State = "Xyz", Priority = 1 }));

    [Theory]
    [InlineData("1G", 1L << 30)]
    [InlineData("512.000M", 512L << 20)]
    [InlineData("2k", 2000L)]
    [InlineData("INFINITY", 0L)]
    [InlineData("-1G", 0L)]
    [InlineData("9e99T", 0L)]
    public void Memory_is_read(string text, long bytes) => Assert.Equal(bytes, Quantity.Memory(text).Bytes);
}
