using System.Text;
using System.Threading.Channels;
using Xunit;

namespace StratusLab.PowerShell.Tests;

public sealed class ConsoleTextTests
{
    [Fact]
    public async Task What_was_kept_is_cut_into_lines_and_a_last_line_need_not_end()
    {
        Assert.Equal(["one", "", "two", "login: "], await ListAsync(ConsoleText.ReadAsync(Bytes("one\r\n\r\ntwo\nlogin: "), default)));
        Assert.Empty(await ListAsync(ConsoleText.ReadAsync(Stream.Null, default)));
    }

    [Fact]
    public async Task A_line_that_never_ends_is_cut_and_nothing_of_it_is_lost()
    {
        var text = new string('x', 200_000);
        var lines = await ListAsync(ConsoleText.ReadAsync(Bytes(text), default));
        Assert.InRange(lines.Count, 2, 10);
        Assert.Equal(text, string.Concat(lines));
    }

    [Theory]
    [InlineData("one\ntwo\n", "two\nthree\n", "one|two|three")]
    [InlineData("one\ntwo\n", "one\ntwo\nthree\n", "one|two|three")]
    [InlineData("one\ntwo\n", "three\n", "one|two|three")]
    [InlineData("one\ntw", "wo\n", "one|two")]
    [InlineData("one\ntw", "o\nthree", "one|two|three")]
    [InlineData("", "one\n", "one")]
    [InlineData("one\n", "", "one")]
    public async Task Following_repeats_nothing_that_was_kept_and_tears_no_line(string kept, string live, string expected) =>
        Assert.Equal(expected.Split('|'), await ListAsync(ConsoleText.FollowAsync(Bytes(live), Bytes(kept), default)));

    [Fact]
    public async Task Lines_that_the_guest_repeats_later_are_shown_again()
    {
        var live = new LiveStream();
        await using var lines = ConsoleText.FollowAsync(live, Bytes("tick\ntick\n"), default).GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync());
        Assert.True(await lines.MoveNextAsync());
        var third = lines.MoveNextAsync();

        // Later than anything that can have been under way when the log was read.
        await Task.Delay(1000);
        live.Write("tick\n");

        Assert.True(await third);
        Assert.Equal("tick", lines.Current);
    }

    [Fact]
    public async Task Following_comes_as_it_is_written_and_ends_with_the_console()
    {
        var live = new LiveStream();
        await using var lines = ConsoleText.FollowAsync(live, Bytes("kept\n"), default).GetAsyncEnumerator();
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("kept", lines.Current);
        live.Write("first\nsec");
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("first", lines.Current);
        live.Write("ond\n");
        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("second", lines.Current);
        live.End();
        Assert.False(await lines.MoveNextAsync());
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<List<string>> ListAsync(IAsyncEnumerable<string> lines)
    {
        var all = new List<string>();
        await foreach (var line in lines) all.Add(line);
        return all;
    }

    /// <summary>A console to which something is written now and then.</summary>
    private sealed class LiveStream : MemoryStream
    {
        private readonly Channel<byte[]> _written = Channel.CreateBounded<byte[]>(8);

        public void Write(string text) => Assert.True(_written.Writer.TryWrite(Encoding.UTF8.GetBytes(text)));

        public void End() => _written.Writer.Complete();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!await _written.Reader.WaitToReadAsync(cancellationToken)) return 0;
            Assert.True(_written.Reader.TryRead(out var bytes));
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
