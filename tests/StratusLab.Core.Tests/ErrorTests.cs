namespace StratusLab.Core.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void A_broken_connection_is_transient_and_tells_how_far_the_request_got()
    {
        var error = new HostConnectionException("HostConnectionLost", "gone", RequestState.Sent);
        Assert.Equal((true, StratusErrorKind.Connection, RequestState.Sent), (error.IsTransient, error.Kind, error.RequestState));
    }

    [Fact]
    public void User_data_never_shows_when_a_request_is_printed()
    {
        var guest = new GuestSetup { SshKeys = ["ssh-ed25519 AAAA"], UserData = "hunter2", NetworkConfig = "hunter3" };
        Assert.DoesNotContain("hunter", guest.ToString(), StringComparison.Ordinal);
        Assert.Equal("1 ssh keys, with user data, with network configuration", guest.ToString());
    }
}
