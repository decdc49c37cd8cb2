using System.Text;
using StratusLab.Core;

namespace StratusLab.Slurm.Tests.Reading;

/// <summary>The JSON of Slurm 23.02 and later: numbers are objects, states are lists.</summary>
public sealed class DataParserTests
{
    private static readonly Dictionary<string, TimeSpan?> Limits = new(StringComparer.Ordinal) { ["batch"] = TimeSpan.FromMinutes(90) };

    [Theory]
    [InlineData("101", BatchJobState.Running)]
    [InlineData("102", BatchJobState.Pending)]
    [InlineData("105", BatchJobState.Pending)]
    [InlineData("106_5", BatchJobState.Pending)]
    [InlineData("106_7", BatchJobState.Pending)]
    [InlineData("106_9", BatchJobState.Held)]
    [InlineData("106_20", BatchJobState.Held)]
    [InlineData("106_3", BatchJobState.Running)]
    [InlineData("108", BatchJobState.Configuring)]
    [InlineData("109", BatchJobState.Completing)]
    [InlineData("111", BatchJobState.Held)]
    [InlineData("112", BatchJobState.Held)]
    [InlineData("113", BatchJobState.Held)]
    public async Task Job_stands_where_Slurm_says(string id, BatchJobState state) => Assert.Equal(state, (await JobsAsync())[id].State);

    [Fact]
    public async Task Job_that_ended_is_not_there() => Assert.DoesNotContain("110", (await JobsAsync()).Keys);

    [Fact]
    public async Task Numbers_are_read_whether_set_or_infinite_or_not_set()
    {
        var jobs = await JobsAsync();
        Assert.Equal(["n1", "n2", "n3", "n7"], jobs["101"].Nodes);
        Assert.Equal((4, 32, ByteSize.FromGiB(64), true), (jobs["101"].NodeCount, jobs["101"].CpuPerNode, jobs["101"].MemoryPerNode, jobs["101"].IsExclusive));
        Assert.Equal((3, ByteSize.FromMiB(6000), 2000), (jobs["102"].CpuPerNode, jobs["102"].MemoryPerNode, jobs["102"].Priority));
        Assert.Equal(TimeSpan.FromHours(1), jobs["102"].TimeLimit);
        Assert.Null(jobs["103"].TimeLimit);
        Assert.Equal(TimeSpan.FromMinutes(90), jobs["104"].TimeLimit);
        Assert.Equal(4, jobs["105"].GpuPerNode);
    }

    [Fact]
    public async Task Feature_expression_beyond_and_is_a_feature_that_no_node_has() => Assert.Equal(["[rack1|rack2]"], (await JobsAsync())["114"].Features);

    [Theory]
    [InlineData("n1", BatchNodeState.Allocated)]
    [InlineData("n2", BatchNodeState.Drained)]
    [InlineData("n3", BatchNodeState.Draining)]
    [InlineData("n4", BatchNodeState.Down)]
    [InlineData("n5", BatchNodeState.Unknown)]
    [InlineData("c1", BatchNodeState.PoweringUp)]
    [InlineData("c2", BatchNodeState.PoweredDown)]
    [InlineData("c3", BatchNodeState.PoweringDown)]
    [InlineData("c4", BatchNodeState.Down)]
    [InlineData("c5", BatchNodeState.Idle)]
    public async Task Node_is_in_the_state_that_Slurm_says(string name, BatchNodeState state) => Assert.Equal(state, (await NodesAsync())[name].State);

    [Fact]
    public async Task Node_is_read_whole()
    {
        var nodes = await NodesAsync();
        Assert.Equal((3, 12, ByteSize.FromGiB(64)), (nodes["n1"].Gpu, nodes["n1"].CpuAllocated, nodes["n1"].MemoryAllocated));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795810000), nodes["n1"].BootedAt);
        Assert.Equal(("i-0abc", "192.0.2.7", true, null), (nodes["c1"].InstanceId, nodes["c1"].Address, nodes["c1"].IsCloud, nodes["c1"].BootedAt));
        Assert.Equal("bad fan", nodes["n2"].Reason);
        Assert.Equal(["amd", "ib"], nodes["n2"].Features);
    }

    /// <summary>However the pipe cuts the text, the same comes out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Pieces_of_any_size_are_read(int size)
    {
        await using var stream = new SlowStream(Encoding.UTF8.GetBytes(Capture.Text("jobs-v0.0.40.json")), size);
        Assert.Equal(13, (await JsonJobs.ReadAsync(stream, CancellationToken.None)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"meta":{"jobs":[]}}""")]
    [InlineData("""{"jobs":[{"job_id":1}""")]
    [InlineData("""{"jobs":[{"job_id":1]}""")]
    [InlineData("squeue: something else")]
    public async Task Anything_else_is_refused(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var e = await Assert.ThrowsAsync<HostProtocolException>(() => JsonJobs.ReadAsync(stream, CancellationToken.None));
        Assert.Equal("SlurmOutputInvalid", e.ErrorId);
    }

    private static async Task<Dictionary<string, BatchJob>> JobsAsync()
    {
        await using var stream = Capture.Open("jobs-v0.0.40.json");
        return new JobModel(await JsonJobs.ReadAsync(stream, CancellationToken.None), Limits).Read().ToDictionary(job => job.Id, StringComparer.Ordinal);
    }

    private static async Task<Dictionary<string, BatchNode>> NodesAsync()
    {
        await using var stream = Capture.Open("nodes-v0.0.40.json");
        return (await JsonNodes.ReadAsync(stream, CancellationToken.None)).Select(NodeModel.Of).ToDictionary(node => node.Name, StringComparer.Ordinal);
    }

    private sealed class SlowStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
