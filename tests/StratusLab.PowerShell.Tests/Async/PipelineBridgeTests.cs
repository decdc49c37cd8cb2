using Xunit;

namespace StratusLab.PowerShell.Tests;

/// <summary>What is asked while a user waits to get back.</summary>
public sealed class PipelineBridgeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void An_answer_that_does_not_come_in_time_is_another()
    {
        Assert.Equal("short", PipelineBridge.Within(Limit, async cancel => await new TaskCompletionSource<string>().Task.WaitAsync(cancel), "short"));
        Assert.Null(PipelineBridge.Within(Limit, async cancel => await new TaskCompletionSource<string>().Task.WaitAsync(cancel)));
    }

    [Fact]
    public void A_question_that_fails_has_another_answer_and_nothing_is_thrown() =>
        Assert.Equal("short", PipelineBridge.Within<string?>(TimeSpan.FromSeconds(30), _ => throw new InvalidOperationException("It changed meanwhile."), "short"));

    [Fact]
    public void That_there_is_nothing_to_tell_is_an_answer() =>
        Assert.Null(PipelineBridge.Within(TimeSpan.FromSeconds(30), _ => Task.FromResult<string?>(null), "short"));
}
