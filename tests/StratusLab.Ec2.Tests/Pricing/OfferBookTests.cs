using FsCheck;
using FsCheck.Fluent;
using StratusLab.Core;
using StratusLab.Ec2.Client.Operations.InstanceTypes;
using StratusLab.Rig;

namespace StratusLab.Ec2.Tests.Pricing;

public sealed class OfferBookTests
{
    private static readonly MachineNeeds Small = new() { Cpu = 2, Memory = ByteSize.FromGiB(4) };

    public static TheoryData<string, MachineNeeds, string> Matches => new()
    {
        { "cheapest, with credits for bursts", Small, "t3a.medium t3.medium t3a.large" },
        { "memory decides", new MachineNeeds { Cpu = 1, Memory = ByteSize.FromGiB(60) }, "r5.2xlarge r7i.2xlarge m5.4xlarge m6i.4xlarge" },
        { "vCPUs decide, and ties go by name", new MachineNeeds { Cpu = 8, Memory = ByteSize.FromGiB(1) }, "c6i.2xlarge t3.2xlarge c7i.2xlarge c5.2xlarge" },
        { "ARM boots whatever the image says", Small with { Architecture = "aarch64" }, "t4g.medium t4g.large c7g.large" },
        { "UEFI", Small with { Firmware = Firmware.Uefi }, "t3a.medium" },
        { "GPU", new MachineNeeds { Cpu = 2, Memory = ByteSize.FromGiB(4), Gpu = 1 }, "g4ad.xlarge g4dn.xlarge g5.xlarge" },
        { "GPU that boots with UEFI", new MachineNeeds { Cpu = 2, Memory = ByteSize.FromGiB(4), Gpu = 1, Firmware = Firmware.Uefi }, "g4dn.xlarge g5.xlarge" },
        { "several GPUs", new MachineNeeds { Cpu = 2, Memory = ByteSize.FromGiB(4), Gpu = 4 }, "g5.12xlarge p4d.24xlarge" },
        { "only type", Small with { MachineType = "m7i.large" }, "m7i.large" },
        { "metal where named", Small with { MachineType = "c5.metal" }, "c5.metal" },
        { "GPU where named", Small with { MachineType = "g5.xlarge" }, "g5.xlarge" },
        { "named and too small", Small with { MachineType = "t3.micro" }, "" },
        { "named and unknown", Small with { MachineType = "x9.huge" }, "" },
        { "not sold on the spot market", new MachineNeeds { Cpu = 200, Memory = ByteSize.FromGiB(1), Market = VmMarket.Spot }, "" },
        { "nothing so large", new MachineNeeds { Cpu = 1000, Memory = ByteSize.FromGiB(1) }, "" },
    };

    [Theory]
    [MemberData(nameof(Matches))]
    public async Task Types_that_fit_are_offered_the_cheapest_first(string why, MachineNeeds needs, string first)
    {
        await using var market = await Market.OpenAsync();
        var offered = string.Join(' ', (await market.Offers.ListAsync(needs)).Select(offer => offer.Offer.MachineType));
        Assert.True(first.Length == 0 ? offered.Length == 0 : $"{offered} ".StartsWith($"{first} ", StringComparison.Ordinal), $"{why}: {offered}");
        Assert.Empty(market.Emulator.Violations);
    }

    [Fact]
    public async Task Price_is_that_of_machine_and_system_disk_in_each_zone_that_has_the_type()
    {
        await using var market = await Market.OpenAsync();
        var offer = Assert.Single(await market.Offers.ListAsync(Small with { MachineType = "c6a.large", Disk = ByteSize.FromMiB(99 << 10) + new ByteSize(1) }));
        var total = Math.Ceiling((0.08208m + (100 * 0.088m / 730)) * 1_000_000) / 1_000_000;
        Assert.Equal(["eu-west-1a", "eu-west-1b"], offer.Zones.Keys.Order());
        Assert.All(offer.Zones.Values, price => Assert.Equal(total, price));
        Assert.Equal((total, "list prices of 2026-05-12", 2, ByteSize.FromGiB(4)), (offer.Offer.HourlyPrice, offer.Offer.PriceSource, offer.Offer.Cpu, offer.Offer.Memory));
        Assert.Equal(total, market.Offers.PriceOf("c6a.large", VmMarket.OnDemand, "eu-west-1a", ByteSize.FromGiB(100)));
        Assert.Equal(0.08208m, market.Offers.PriceOf("c6a.large", VmMarket.OnDemand, null, ByteSize.Zero));
        Assert.Null(market.Offers.PriceOf("x9.huge", VmMarket.OnDemand, null, ByteSize.Zero));
    }

    [Fact]
    public async Task Type_without_a_list_price_is_offered_on_the_spot_market_only()
    {
        await using var market = await Market.OpenAsync();
        var needs = new MachineNeeds { Cpu = 4, Memory = ByteSize.FromGiB(16), Gpu = 1, MachineType = "g6.xlarge" };
        Assert.Empty(await market.Offers.ListAsync(needs));
        Assert.Equal(["eu-west-1c"], Assert.Single(await market.Offers.ListAsync(needs with { Market = VmMarket.Spot })).Zones.Keys);
    }

    [Fact]
    public async Task Spot_prices_are_those_of_each_zone_and_the_highest_is_what_the_offer_says()
    {
        await using var market = await Market.OpenAsync();
        var offer = Assert.Single(await market.Offers.ListAsync(Small with { MachineType = "m7i.large", Market = VmMarket.Spot }));
        var history = await market.Client.ListAsync(new DescribeSpotPriceHistory { InstanceTypes = ["m7i.large"], StartTime = market.Clock.GetUtcNow() }).ToListAsync();
        Assert.Equal(3, history.Select(price => price.Price).Distinct().Count());
        Assert.Equal(history.ToDictionary(price => price.AvailabilityZone, price => price.Price), offer.Zones);
        Assert.Equal((offer.Zones.Values.Max(), "spot price history", market.Clock.GetUtcNow()), (offer.Offer.HourlyPrice, offer.Offer.PriceSource, offer.Offer.PricedAt));
        Assert.Equal(offer.Zones["eu-west-1b"], market.Offers.PriceOf("m7i.large", VmMarket.Spot, "eu-west-1b", ByteSize.Zero));
        Assert.Equal(offer.Offer.HourlyPrice, market.Offers.PriceOf("m7i.large", VmMarket.Spot, null, ByteSize.Zero));

        // Those with credits for bursts are cheaper and yet none for the spot market, as there are enough others.
        var all = await market.Offers.ListAsync(Small with { Market = VmMarket.Spot });
        Assert.InRange(all.Count, 5, 12);
        Assert.DoesNotContain(all, each => each.Offer.MachineType[0] == 't');
    }

    [Fact]
    public async Task Spot_without_a_history_costs_at_most_what_it_costs_on_demand()
    {
        await using var market = await Market.OpenAsync();
        Assert.Equal(0.11235m, market.Offers.PriceOf("m7i.large", VmMarket.Spot, "eu-west-1a", ByteSize.Zero));
        await market.Offers.PrepareAsync(VmMarket.Spot);
        Assert.True(market.Offers.PriceOf("m7i.large", VmMarket.Spot, "eu-west-1a", ByteSize.Zero) < 0.11235m);
        Assert.Equal(0.11235m, market.Offers.PriceOf("m7i.large", VmMarket.Spot, "eu-west-1f", ByteSize.Zero));
    }

    [Fact]
    public async Task Own_rates_go_before_list_and_history()
    {
        using var rates = new RatesOnDisk("eu-west-1,m7i.large,ondemand,0.05,0.1", "*,m7i.large,spot,0.03");
        await using var market = await Market.OpenAsync(rates.Path);
        var needs = new MachineNeeds { Cpu = 2, Memory = ByteSize.FromGiB(8), Disk = ByteSize.FromGiB(73) };
        var offers = await market.Offers.ListAsync(needs);
        Assert.Equal(("m7i.large", 0.06m, "rate file rates.csv"), (offers[0].Offer.MachineType, offers[0].Offer.HourlyPrice, offers[0].Offer.PriceSource));
        Assert.Equal(new DateTimeOffset(File.GetLastWriteTimeUtc(rates.Path)), offers[0].Offer.PricedAt);
        Assert.Equal("list prices of 2026-05-12", offers[1].Offer.PriceSource);
        var spot = Assert.Single(await market.Offers.ListAsync(needs with { MachineType = "m7i.large", Market = VmMarket.Spot }));
        Assert.Equal((0.0388m, "rate file rates.csv"), (spot.Offer.HourlyPrice, spot.Offer.PriceSource));
        Assert.Contains("rate file rates.csv, then list prices", (await market.Offers.CheckAsync(market.Host)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrected_rate_file_counts_after_five_minutes_and_a_broken_one_is_an_error()
    {
        using var rates = new RatesOnDisk("*,m7i.large,*,0.05");
        await using var market = await Market.OpenAsync(rates.Path);
        var needs = Small with { MachineType = "m7i.large" };
        Assert.Equal(0.05m, Assert.Single(await market.Offers.ListAsync(needs)).Offer.HourlyPrice);
        rates.Write("*,m7i.large,*,free");
        Assert.Equal(0.05m, Assert.Single(await market.Offers.ListAsync(needs)).Offer.HourlyPrice);
        market.Clock.Move(TimeSpan.FromMinutes(5));
        Assert.Equal(1, (await Assert.ThrowsAsync<InvalidInputException>(() => market.Offers.ListAsync(needs))).Line);
        var check = await market.Offers.CheckAsync(market.Host);
        Assert.Equal(CheckResult.Failed, check.Result);
        Assert.Contains("Line 1", check.Detail, StringComparison.Ordinal);
        rates.Write("*,m7i.large,*,0.04");
        Assert.Equal(0.04m, Assert.Single(await market.Offers.ListAsync(needs)).Offer.HourlyPrice);
    }

    [Fact]
    public async Task Region_without_prices_offers_nothing_until_a_rate_file_gives_them()
    {
        await using var unknown = await Market.OpenAsync(region: "xx-nowhere-1");
        Assert.Empty(await unknown.Offers.ListAsync(Small));
        var check = await unknown.Offers.CheckAsync(unknown.Host);
        Assert.Equal(CheckResult.Failed, check.Result);
        Assert.Contains("rates=", check.Remedy, StringComparison.Ordinal);

        using var rates = new RatesOnDisk("xx-nowhere-1,m*,*,0.5,0.1", "*,c*,*,0.4");
        await using var known = await Market.OpenAsync(rates.Path, "xx-nowhere-1");
        Assert.All(await known.Offers.ListAsync(Small), offer => Assert.Contains(offer.Offer.MachineType[0], "cm"));
        Assert.All(await known.Offers.ListAsync(Small with { Disk = ByteSize.FromGiB(8) }), offer => Assert.Equal('m', offer.Offer.MachineType[0]));
        Assert.Equal(CheckResult.Passed, (await known.Offers.CheckAsync(known.Host)).Result);
    }

    [Fact]
    public async Task Region_is_asked_once_by_many_at_once_and_again_when_what_it_said_is_old()
    {
        await using var market = await Market.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => market.Offers.ListAsync(Small with { Cpu = 1 + (i % 4), Market = (VmMarket)(i % 2) })));
        Assert.Equal((1, 1, 1), Counts());
        market.Clock.Move(TimeSpan.FromMinutes(5));
        await market.Offers.ListAsync(Small);
        Assert.Equal((1, 1, 1), Counts());
        await market.Offers.ListAsync(Small with { Market = VmMarket.Spot });
        Assert.Equal((1, 1, 2), Counts());
        market.Clock.Move(TimeSpan.FromHours(6));
        await market.Offers.ListAsync(Small);
        Assert.Equal((2, 2, 2), Counts());

        (int Types, int Offerings, int Prices) Counts() => (market.Calls("DescribeInstanceTypes"), market.Calls("DescribeInstanceTypeOfferings"), market.Calls("DescribeSpotPriceHistory"));
    }

    [Fact]
    public async Task Provider_offers_the_same_and_says_that_it_has_prices()
    {
        await using var region = await Region.StartAsync();
        var host = new HostDefinition { Name = "aws", Uri = $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(region.Emulator.Endpoint.AbsoluteUri)}" };
        await using var provider = new Ec2ProviderFactory().Create(host, new MemoryCallJournal());
        Assert.True(provider.Capabilities.HasFlag(ProviderCapabilities.Priced));
        var offers = await Assert.IsAssignableFrom<IPricedHost>(provider).ListOffersAsync(Small);
        Assert.Equal("t3a.medium", offers[0].MachineType);
        Assert.Equal(CheckResult.Passed, (await provider.CheckAsync().ToListAsync()).Single(check => check.Name == "Prices").Result);
    }

    [Fact]
    public async Task Rate_file_that_is_not_there_fails_the_registration_and_not_before()
    {
        await using var region = await Region.StartAsync();
        var host = new HostDefinition { Name = "aws", Uri = $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(region.Emulator.Endpoint.AbsoluteUri)}&rates=/no/such/rates.csv" };
        await using var provider = new Ec2ProviderFactory().Create(host, new MemoryCallJournal());
        Assert.Equal("Ec2RateFileUnreadable", (await Assert.ThrowsAsync<InvalidInputException>(() => provider.InspectAsync())).ErrorId);
        Assert.Throws<InvalidInputException>(() => new Ec2ProviderFactory().Create(host with { Uri = "ec2://eu-west-1?rates=rates.csv" }, new MemoryCallJournal()));
    }

    [Fact]
    public async Task Offers_fit_are_in_order_and_are_at_most_twelve()
    {
        await using var market = await Market.OpenAsync();
        await market.Offers.ListAsync(Small with { Market = VmMarket.Spot });
        var types = market.Emulator.Cloud.Types.ToDictionary(type => type.Name, StringComparer.Ordinal);
        var cases =
            from cpu in Gen.Choose(1, 200)
            from cpuOrFew in Gen.Elements(1, 2, 4, 8, cpu)
            from memory in Gen.Choose(0, 800)
            from disk in Gen.Choose(0, 2000)
            from gpu in Gen.Elements(0, 0, 0, 1, 4, 8)
            from architecture in Gen.Elements("x86_64", "aarch64")
            from firmware in Gen.Elements(Firmware.Bios, Firmware.Uefi)
            from kind in Gen.Elements(VmMarket.OnDemand, VmMarket.Spot)
            from type in Gen.Elements(types.Keys.Append(null!).Append(null!))
            from named in Gen.Choose(0, 3)
            select new MachineNeeds
            {
                Cpu = cpuOrFew, Memory = ByteSize.FromGiB(memory), Disk = ByteSize.FromGiB(disk), Gpu = gpu, Architecture = architecture, Firmware = firmware, Market = kind,
                MachineType = named == 0 ? type : null,
            };

        // Everything is in the caches: no call waits.
        Prop.ForAll(cases.ToArbitrary(), needs =>
        {
            var listing = market.Offers.ListAsync(needs);
            Assert.True(listing.IsCompletedSuccessfully);
            var offers = listing.GetAwaiter().GetResult();
            Assert.True(offers.Count <= 12);
            Assert.Equal(offers.Count, offers.Select(o => o.Offer.MachineType).Distinct().Count());
            Assert.Equal(offers.OrderBy(o => o.Offer.HourlyPrice).ThenBy(o => o.Offer.Cpu).ThenBy(o => o.Offer.Memory).ThenBy(o => o.Offer.MachineType, StringComparer.Ordinal), offers);
            Assert.All(offers, offer => Fits(offer, needs));
        }).QuickCheckThrowOnFailure();

        void Fits(Ec2.Pricing.ZonedOffer offer, MachineNeeds needs)
        {
            var type = types[offer.Offer.MachineType];
            Assert.Equal((type.VCpu, ByteSize.FromMiB(type.MemoryMiB), type.GpuCount, needs.Market), (offer.Offer.Cpu, offer.Offer.Memory, offer.Offer.Gpu, offer.Offer.Market));
            Assert.True(type.VCpu >= needs.Cpu && ByteSize.FromMiB(type.MemoryMiB) >= needs.Memory && type.GpuCount >= needs.Gpu);
            Assert.Equal(needs.Architecture == "aarch64" ? "arm64" : "x86_64", type.Architecture);
            Assert.Contains(needs.Firmware == Firmware.Uefi || type.Architecture == "arm64" ? "uefi" : "legacy-bios", type.BootModes);
            Assert.Contains(needs.Market == VmMarket.Spot ? "spot" : "on-demand", type.UsageClasses);
            if (needs.MachineType is not null) Assert.Equal(needs.MachineType, type.Name);
            else Assert.True(!type.IsMetal && (needs.Gpu > 0 || type.GpuCount == 0));
            Assert.NotEmpty(offer.Zones);
            Assert.All(offer.Zones.Keys, zone => Assert.True(type.IsIn(zone)));
            Assert.Equal(offer.Zones.Values.Max(), offer.Offer.HourlyPrice);
            Assert.Equal(offer.Offer.HourlyPrice, market.Offers.PriceOf(type.Name, needs.Market, null, needs.Disk));
        }
    }
}
