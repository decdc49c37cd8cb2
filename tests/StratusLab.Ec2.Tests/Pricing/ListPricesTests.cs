using StratusLab.Ec2.Pricing;

namespace StratusLab.Ec2.Tests.Pricing;

public sealed class ListPricesTests
{
    [Theory]
    [InlineData("us-east-1", "m7i.large", 0.1008, 0.08)]
    [InlineData("us-east-2", "c5.large", 0.085, 0.08)]
    [InlineData("us-west-2", "t3.micro", 0.0104, 0.08)]
    [InlineData("eu-west-1", "t3.micro", 0.0114, 0.088)]
    [InlineData("eu-central-1", "m5.large", 0.115, 0.0952)]
    [InlineData("eu-north-1", "m7i.large", 0.1071, 0.0836)]
    public void Shipped_file_has_the_regions_prices(string region, string type, double price, double disk)
    {
        var prices = ListPrices.Read(region)!;
        var found = prices.Find(type)!.Value;
        Assert.Equal(((decimal)price, (decimal)disk), (found.PerHour, prices.DiskMonth));
        Assert.Equal($"list prices of {prices.At:yyyy-MM-dd}", found.Source);
        Assert.Equal(TimeSpan.Zero, found.At.Offset);
        Assert.Null(prices.Find("x9.large"));
    }

    [Fact]
    public void Every_region_of_the_shipped_file_can_be_read()
    {
        using var stream = typeof(ListPrices).Assembly.GetManifestResourceStream("StratusLab.Ec2.Pricing.list-prices.txt")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var regions = text.Split('\n').Where(line => line.StartsWith('@')).Select(line => line[1..].Split(' ')[0]).ToList();
        Assert.True(regions.Count >= 30);
        Assert.Equal(regions.Count, regions.Distinct().Count());
        Assert.All(regions, region =>
        {
            var prices = ListPrices.Read(new StringReader(text), region)!;
            Assert.InRange(prices.DiskMonth, 0.05m, 0.2m);
            Assert.InRange(prices.Find("m5.large")?.PerHour ?? prices.Find("m6i.large")?.PerHour ?? prices.Find("m6g.large")!.Value.PerHour, 0.04m, 0.2m);
        });
    }

    [Fact]
    public void Region_is_read_up_to_the_next_and_one_that_is_not_there_is_unknown()
    {
        const string File = "# comment\n@a-b-1 2026-01-02 0.1\n# comment\nm7i-flex large=0.5 2xlarge=2\n@c-d-2 2026-01-02 0.1\nthis is no price=?\n";
        var prices = ListPrices.Read(new StringReader(File), "a-b-1")!;
        Assert.Equal((2, 2m, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)), (prices.Count, prices.Find("m7i-flex.2xlarge")!.Value.PerHour, prices.At));
        Assert.Null(ListPrices.Read(new StringReader(File), "a-b-11"));
        Assert.Null(ListPrices.Read("xx-nowhere-1"));
    }
}
