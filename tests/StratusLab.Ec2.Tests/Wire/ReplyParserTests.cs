using System.Text;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Tests.Wire;

/// <summary>Answers as bytes, whole and spoilt.</summary>
public sealed class ReplyParserTests
{
    private const string Whole =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
          <requestId>8f7724cf</requestId>
          <reservationSet><item><reservationId>r-1</reservationId><unknown><deeper><item>x</item></deeper></unknown>
            <instancesSet><item><instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState><placement/><futureState>new</futureState>
              <launchTime>2026-11-22T10:00:00.000Z</launchTime><tagSet><item><key>a</key><value>b &lt;c&gt;</value></item><item><key>empty</key><value/></item></tagSet></item></instancesSet>
          </item></reservationSet>
        </DescribeInstancesResponse>
        """;

    [Fact]
    public async Task Whole_answer_is_read_and_what_is_new_in_it_is_passed_over()
    {
        var page = await ParseAsync(Encoding.UTF8.GetBytes(Whole));
        var instance = Assert.Single(Assert.Single(page.Items).Instances);
        Assert.Equal(("i-1", InstanceState.Running, new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero)), (instance.InstanceId, instance.State, instance.LaunchTime));
        Assert.Equal(("b <c>", ""), (instance.Tags["a"], instance.Tags["empty"]));
        Assert.Null(page.NextToken);
    }

    [Fact]
    public async Task Answer_cut_anywhere_is_known_to_be_lost()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        for (var length = 0; length < bytes.Length; length++)
        {
            // Whether "<" ends an element or a text decides only whether it is taken for cut or for broken, never for whole.
            var error = await Record.ExceptionAsync(() => ParseAsync(bytes[..length]));
            Assert.True(error is ReplyLostException or ReplyRejectedException, $"Cut at {length}: {error}");
            if (length is 0 or > 60) Assert.IsType<ReplyLostException>(error, exactMatch: true);
        }
    }

    [Theory]
    [InlineData("<html><body>hello</body></html>", "html")]
    [InlineData("<DescribeVpcsResponse></DescribeVpcsResponse>", "DescribeVpcsResponse")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"v\">]><DescribeInstancesResponse><nextToken>&e;</nextToken></DescribeInstancesResponse>", "DTD")]
    [InlineData("<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\"><DescribeInstancesResponse></DescribeInstancesResponse>", "DTD")]
    [InlineData("<DescribeInstancesResponse><a></b></DescribeInstancesResponse>", "line 1")]
    [InlineData("<DescribeInstancesResponse><reservationSet><item><instancesSet><item><launchTime>yesterday</launchTime></item></instancesSet></item></reservationSet></DescribeInstancesResponse>", "launchTime")]
    [InlineData("{\"not\": \"xml\"}", "not")]
    public async Task Answer_that_is_wrong_is_rejected_with_the_reason(string text, string reason)
    {
        var error = await Assert.ThrowsAsync<ReplyRejectedException>(() => ParseAsync(Encoding.UTF8.GetBytes(text)));
        Assert.Contains(reason, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Answer_without_end_is_not_read_for_ever()
    {
        await using var endless = new EndlessStream();
        await Assert.ThrowsAsync<ReplyRejectedException>(() => ReplyBody.ReadAsync(endless));
    }

    [Fact]
    public async Task Depth_has_a_limit()
    {
        var text = $"<DescribeInstancesResponse>{string.Concat(Enumerable.Repeat("<reservationSet><item><instancesSet><item>", 1))}{string.Concat(Enumerable.Repeat("<stateReason>", 100_000))}"
            + $"{string.Concat(Enumerable.Repeat("</stateReason>", 100_000))}</item></instancesSet></item></reservationSet></DescribeInstancesResponse>";
        var page = await ParseAsync(Encoding.UTF8.GetBytes(text));
        Assert.Single(page.Items);
    }

    private static async Task<Ec2Page<Reservation>> ParseAsync(byte[] bytes)
    {
        using var body = await ReplyBody.ReadAsync(new MemoryStream(bytes));
        return ReplyParser.Read(new DescribeInstances(), body);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
