using StratusLab.Core;

namespace StratusLab.GridEngine.Tests.Commands;

/// <summary>What the commands of Son of Grid Engine 8.1.9 say when they fail, and what is made of it.</summary>
public sealed class GridEngineFailureTests
{
    [Theory]
    [InlineData("error: cell directory \"/opt/sge/physics\" doesn't exist", "SGE_CELL")]
    [InlineData("error: commlib error: got select error (Connection refused)\nunable to send message to qmaster using port 6444 on host \"controller\": got send error", "sge_qmaster")]
    public void Nobody_who_answers_is_no_refusal_and_what_to_look_at_is_said(string said, string remedy)
    {
        var error = Assert.IsType<HostConnectionException>(GridEngineFailure.Of("qconf", 1, said));
        Assert.Equal("BatchSystemUnreachable", error.ErrorId);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_keeps_the_words()
    {
        var error = Assert.IsType<HostRefusedException>(GridEngineFailure.Of("qalter", 1, "denied: \"guest\" is not allowed\n"));
        Assert.Equal(("BatchSystemRefused", StratusErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
        Assert.Contains("denied: \"guest\" is not allowed", error.Message, StringComparison.Ordinal);
    }
}
