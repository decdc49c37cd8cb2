using StratusLab.Core;
using Xunit;

namespace StratusLab.PowerShell.Tests;

/// <summary>What users are advised to do is about what went wrong.</summary>
public sealed class ErrorRecordsTests
{
    [Theory]
    [InlineData("HostUnreachable", "Test-StratusHost")]
    [InlineData("HostTimeout", "Test-StratusHost")]
    [InlineData("BatchSystemUnreachable", "Test-StratusBurst")]
    [InlineData("GridEngineOutputInvalid", "Test-StratusBurst")]
    [InlineData("GuestUnreachable", "Get-StratusVMConsole")]
    [InlineData("MarketplaceUnreachable", "Get-StratusMarketplace")]
    public void A_connection_that_fails_is_looked_at_with_the_cmdlet_that_looks_at_it(string id, string cmdlet) =>
        Assert.StartsWith(cmdlet + " ", ErrorRecords.Advice(new StratusException(id, StratusErrorKind.Connection, "It broke.")), StringComparison.Ordinal);

    [Theory]
    [InlineData("CatalogueConnectionFailed")]
    [InlineData("SiteSessionLapsed")]
    [InlineData("SourceUnreachable")]
    public void No_cmdlet_is_named_that_could_not_tell(string id) =>
        Assert.DoesNotContain("Stratus", ErrorRecords.Advice(new StratusException(id, StratusErrorKind.Connection, "It broke.")) ?? string.Empty, StringComparison.Ordinal);
}
