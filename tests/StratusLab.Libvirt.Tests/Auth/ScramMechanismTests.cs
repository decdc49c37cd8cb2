using System.Text;
using StratusLab.Libvirt.Auth;
using Xunit;

namespace StratusLab.Libvirt.Tests.Auth;

public sealed class ScramMechanismTests
{
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    [Fact]
    public void Exchange_is_that_of_RFC_7677()
    {
        var scram = Start();
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Encoding.UTF8.GetString(scram.Step(Encoding.UTF8.GetBytes(ServerFirst))!));
        Assert.False(scram.IsComplete);
        Assert.Null(scram.Step("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="u8));
        Assert.True(scram.IsComplete);
    }

    [Fact]
    public void Server_that_does_not_know_the_password_is_refused()
    {
        var scram = Start();
        scram.Step(Encoding.UTF8.GetBytes(ServerFirst));
        Assert.Throws<LibvirtProtocolException>(() => scram.Step("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="u8));
        Assert.False(scram.IsComplete);
    }

    [Theory]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")] // not this client's nonce
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")] // nothing added to it
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")] // too few iterations to protect the password
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")] // an hour of work
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=*,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,i=4096")]
    [InlineData("")]
    public void Challenge_that_is_wrong_is_refused(string challenge) =>
        Assert.Throws<LibvirtProtocolException>(() => Start().Step(Encoding.UTF8.GetBytes(challenge)));

    [Fact]
    public void User_name_is_escaped() =>
        Assert.Equal("n,,n=a=2Cb=3Dc,r=x", Encoding.UTF8.GetString(new ScramMechanism(new LibvirtCredential("a,b=c", "p"), "x").Start()));

    [Fact]
    public void Password_is_not_shown() => Assert.Equal("user", new LibvirtCredential("user", "pencil").ToString());

    private static ScramMechanism Start()
    {
        var scram = new ScramMechanism(new LibvirtCredential("user", "pencil"), "rOprNGfwEbeRWgbNEkqO");
        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", Encoding.UTF8.GetString(scram.Start()));
        return scram;
    }
}
