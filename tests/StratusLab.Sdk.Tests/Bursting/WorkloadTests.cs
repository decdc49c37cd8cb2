using System.IO.Compression;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class WorkloadTests
{
    private const string Header = "; Version: 2.2\n; UnixStartTime: 1000000000\n; MaxNodes: 100\n;\n";
    private const string SacctHeader = "JobID|Submit|Start|End|Timelimit|NNodes|NCPUS|State|User\n";

    [Fact]
    public async Task Swf_is_read_with_what_may_be_missing()
    {
        var trace = await ReadAsync(
            Header
            + "  1  0 10  60  4 -1 -1  8 120 -1 1 7 1 1 1 -1 -1 -1\n"
            + "\t2 5 -1 30.5 3 -1 -1 -1 -1 -1 1 -1 -1 -1 -1 -1 -1 -1\r\n"
            + "3 6 -1 -1 4 -1 -1 4 60 -1 5 1 -1 -1 -1 -1 -1 -1\n"
            + "4 7 -1 20 -1 -1 -1 -1 60 -1 1 1 -1 -1 -1 -1 -1 -1\n"
            + "5 8 -1 20 1 -1 -1 1 60 -1 2 1 -1 -1 -1 -1 -1 -1\n");
        Assert.Equal(100, trace.MaxNodes);
        Assert.Equal(3, trace.SkippedCount);
        Assert.Equal(2, trace.Jobs.Count);
        Assert.Equal(new WorkloadJob { Id = "1", SubmittedAt = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000), RunTime = TimeSpan.FromSeconds(60), TimeLimit = TimeSpan.FromSeconds(120), Processors = 8, User = "7" }, trace.Jobs[0]);
        Assert.Equal((3, (TimeSpan?)null, 30.5), (trace.Jobs[1].Processors, trace.Jobs[1].TimeLimit, trace.Jobs[1].RunTime.TotalSeconds));
    }

    [Fact]
    public async Task Compressed_trace_is_read_as_it_is_and_sorted()
    {
        var path = Path.Combine(Path.GetTempPath(), $"stratus-{Guid.NewGuid():n}.swf.gz");
        await using (var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            await zip.WriteAsync(Encoding.ASCII.GetBytes(Header + Line(1, 50) + Line(2, 20)));
        }

        try
        {
            Assert.Equal(["2", "1"], (await WorkloadTrace.LoadAsync(path)).Jobs.Select(j => j.Id));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(StratusErrorKind.NotFound, (await Assert.ThrowsAsync<StratusException>(() => WorkloadTrace.LoadAsync(path))).Kind);
    }

    [Theory]
    [InlineData("1 0 -1 60 4", "5 of the 18 fields")]
    [InlineData("1 0 -1 60 4 -1 -1 8 120 -1 1 7 1 1 1 -1 -1 -1 9", "more than the 18")]
    [InlineData("1 0 -1 sixty 4 -1 -1 8 120 -1 1 7 1 1 1 -1 -1 -1", "field 4 (run time) is 'sixty'")]
    [InlineData("1 -5 -1 60 4 -1 -1 8 120 -1 1 7 1 1 1 -1 -1 -1", "submit time is negative")]
    [InlineData("1 0 -1 -60 4 -1 -1 8 120 -1 1 7 1 1 1 -1 -1 -1", "run time is negative")]
    [InlineData("1 0 -1 1e300 4 -1 -1 8 120 -1 1 7 1 1 1 -1 -1 -1", "not a number")]
    public async Task Broken_swf_line_is_named_by_number(string line, string why)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(Header + Line(1, 0) + line + "\n"));
        Assert.Equal(("InvalidWorkload", 6), (error.ErrorId, error.Line));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_trace_is_refused() =>
        Assert.Contains("no job", (await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(Header))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Sacct_is_read_by_the_names_of_its_fields()
    {
        var trace = await ReadAsync(
            SacctHeader
            + "7|2026-03-01T12:00:00|2026-03-01T12:10:00|2026-03-01T13:10:00|1-02:00:00|2|128|COMPLETED|ann\n"
            + "7.batch|2026-03-01T12:00:00|2026-03-01T12:10:00|2026-03-01T13:10:00||1|64|COMPLETED|\n"
            + "8_3|1772366400|1772366401|1772366500|UNLIMITED|1|4|FAILED|bob\n"
            + "9|2026-03-01T12:00:00|None|2026-03-01T13:10:00|01:00:00|2|128|CANCELLED by 0|ann\n"
            + "10|2026-03-01T12:00:00|2026-03-01T12:10:00|Unknown|01:00:00|2|128|RUNNING|ann\n");
        Assert.Equal(2, trace.SkippedCount);
        Assert.Equal(["7", "8_3"], trace.Jobs.Select(j => j.Id).Order());
        var job = trace.Jobs.Single(j => j.Id == "7");
        Assert.Equal((2, 128, TimeSpan.FromHours(1), TimeSpan.FromHours(26), "ann"), (job.Nodes, job.Processors, job.RunTime, job.TimeLimit!.Value, job.User));
        Assert.Null(trace.Jobs.Single(j => j.Id == "8_3").TimeLimit);
    }

    [Theory]
    [InlineData("JobID|Submit|Start|NNodes\n", 1, "no field End")]
    [InlineData(SacctHeader + "7|2026-03-01T12:00:00|x\n", 2, "3 fields")]
    [InlineData(SacctHeader + "7|noon|2026-03-01T12:10:00|2026-03-01T13:10:00||2|128|COMPLETED|a\n", 2, "Submit is 'noon'")]
    [InlineData(SacctHeader + "7|2026-03-01T12:00:00|2026-03-01T12:10:00|2026-03-01T12:00:00||2|128|COMPLETED|a\n", 2, "ended before it started")]
    [InlineData(SacctHeader + "7|2026-03-01T12:00:00|2026-03-01T12:10:00|2026-03-01T13:10:00|soon|2|128|COMPLETED|a\n", 2, "Timelimit is 'soon'")]
    [InlineData(SacctHeader + "7|2026-03-01T12:00:00|2026-03-01T12:10:00|2026-03-01T13:10:00||two|128|COMPLETED|a\n", 2, "NNodes is 'two'")]
    public async Task Broken_sacct_line_is_named_by_number(string text, int line, string why)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(text));
        Assert.Equal(line, error.Line);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generated_workload_is_the_same_for_a_seed_and_has_the_load_asked_for()
    {
        var generator = new WorkloadGenerator { JobCount = 5000, MaxProcessors = 64, Load = 0.7, Seed = 4 };
        var trace = generator.Generate();
        Assert.Equal(trace.Jobs, generator.Generate().Jobs);
        Assert.NotEqual(trace.Jobs, (generator with { Seed = 5 }).Generate().Jobs);
        Assert.All(trace.Jobs, j => Assert.True(j.Processors is >= 1 and <= 64 && j.TimeLimit >= j.RunTime));
        Assert.Equal(trace.Jobs.OrderBy(j => j.SubmittedAt), trace.Jobs);
        var work = trace.Jobs.Sum(j => j.Processors * j.RunTime.TotalSeconds);
        Assert.InRange(work / (64 * (trace.Jobs[^1].SubmittedAt - generator.Start).TotalSeconds), 0.63, 0.77);
    }

    private static Task<WorkloadTrace> ReadAsync(string text) => WorkloadTrace.ReadAsync(new StringReader(text), "trace");

    private static string Line(int id, int submit) => $"{id} {submit} -1 60 4 -1 -1 8 120 -1 1 7 1 1 1 -1 -1 -1\n";
}
