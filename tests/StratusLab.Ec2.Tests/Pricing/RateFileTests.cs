using StratusLab.Core;
using StratusLab.Ec2.Pricing;

namespace StratusLab.Ec2.Tests.Pricing;

public sealed class RateFileTests
{
    [Fact]
    public async Task First_line_that_fits_and_has_the_price_counts()
    {
        using var rates = new RatesOnDisk(
            "region,type,market,price,disk",
            "# our contract",
            "",
            " eu-west-1 , m7i.large , ondemand , 0.07 ",
            "eu-west-1,m7i.*,OnDemand,0.06,0.05",
            "*,m?i.*,spot,0.02",
            "*,*,*,,0.04",
            "us-east-1,*,*,9");
        var file = await RateFile.ReadAsync(rates.Path);
        Assert.Equal(0.07m, file.Find("eu-west-1", "m7i.large", VmMarket.OnDemand)?.PerHour);
        Assert.Equal(0.06m, file.Find("eu-west-1", "m7i.2xlarge", VmMarket.OnDemand)?.PerHour);
        Assert.Equal(0.02m, file.Find("eu-west-1", "m6i.large", VmMarket.Spot)?.PerHour);
        Assert.Equal(9m, file.Find("us-east-1", "m7i.large", VmMarket.OnDemand)?.PerHour);
        Assert.Null(file.Find("eu-west-1", "m7i-flex.large", VmMarket.OnDemand));
        Assert.Null(file.Find("eu-west-2", "m7i.large", VmMarket.OnDemand));
        Assert.Equal(0.05m, file.FindDisk("eu-west-1", "m7i.large", VmMarket.OnDemand));
        Assert.Equal(0.04m, file.FindDisk("eu-west-1", "m7i.large", VmMarket.Spot));
        Assert.Equal("rate file rates.csv", file.Find("us-east-1", "x", VmMarket.Spot)?.Source);
    }

    [Theory]
    [InlineData("eu-west-1,m7i.large,ondemand", "3 fields")]
    [InlineData("eu-west-1,m7i.large,ondemand,0,07,0.05", "6 fields")]
    [InlineData(",m7i.large,ondemand,0.07", "region is empty")]
    [InlineData("eu-west-1,,ondemand,0.07", "type is empty")]
    [InlineData("eu-west-1,m7i.large,reserved,0.07", "market is 'reserved'; write ondemand, spot or *")]
    [InlineData("eu-west-1,m7i.large,spot,-1", "price is '-1'")]
    [InlineData("eu-west-1,m7i.large,spot,$0.07", "price is '$0.07'")]
    [InlineData("eu-west-1,m7i.large,spot,1e9", "price is '1e9'")]
    [InlineData("eu-west-1,m7i.large,spot,70000", "at most 10000")]
    [InlineData("eu-west-1,m7i.large,spot,0.07,cheap", "disk price is 'cheap'")]
    [InlineData("eu-west-1,m7i.large,spot,,", "no price")]
    public async Task Broken_line_is_named_with_what_would_be_right(string line, string problem)
    {
        using var rates = new RatesOnDisk("# rates", "*,*,ondemand,1", line, "*,*,spot,1");
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => RateFile.ReadAsync(rates.Path));
        Assert.Equal(("Ec2RateFileInvalid", "rates", 3, rates.Path), (error.ErrorId, error.Field, error.Line, error.Resource));
        Assert.StartsWith($"Line 3 of the rate file '{rates.Path}' is wrong: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-file.csv")]
    [InlineData("")]
    public async Task File_that_cannot_be_read_is_named(string name)
    {
        using var rates = new RatesOnDisk();
        var path = Path.Combine(Path.GetDirectoryName(rates.Path)!, name);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => RateFile.ReadAsync(path));
        Assert.Equal("Ec2RateFileUnreadable", error.ErrorId);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }
}
