using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Sim;
using Xunit;

namespace StratusLab.Conformance.Tests;

/// <summary>A simulated host that costs money, and one that does not and is asked for what only such a host has.</summary>
public sealed class SimPriceTests
{
    private readonly SimProviderFactory _factory = new();

    [Fact]
    public async Task Machines_are_offered_by_price_and_sold_as_offered()
    {
        var provider = Open("sim://cloud?price=0.05&spot=0.5&without=images");
        var needs = new MachineNeeds { Cpu = 3, Memory = ByteSize.FromGiB(2) };
        var offers = await ((IPricedHost)provider).ListOffersAsync(needs);
        Assert.Equal([("s1.large", 4, 0.20m), ("s1.xlarge", 8, 0.40m)], offers.Take(2).Select(o => (o.MachineType, o.Cpu, o.HourlyPrice)));
        Assert.Equal(0.10m, (await ((IPricedHost)provider).ListOffersAsync(needs with { Market = VmMarket.Spot }))[0].HourlyPrice);
        Assert.Empty(await ((IPricedHost)provider).ListOffersAsync(needs with { MachineType = "s1.small" }));

        var vm = await SellAsync(provider, Request("a") with { Cpu = 3 });
        Assert.Equal(("s1.large", 4, VmMarket.OnDemand, 0.20m), (vm.MachineType, vm.Cpu, vm.Market, vm.HourlyPrice));
        var spot = await SellAsync(provider, Request("b") with { Cpu = 3, Market = VmMarket.Spot });
        Assert.Equal((VmMarket.Spot, 0.10m), (spot.Market, spot.HourlyPrice));
        Assert.Equal("s1.2xlarge", (await SellAsync(provider, Request("c") with { MachineType = "s1.2xlarge" })).MachineType);
        var status = await provider.InspectAsync();
        Assert.True(status.IsElastic);
        Assert.Equal(0.20m + 0.10m + 0.80m, status.HourlyCost);
    }

    [Fact]
    public async Task What_is_sold_out_is_replaced_by_what_is_dearer_but_never_above_the_bound()
    {
        var provider = Open("sim://cloud?price=0.05&spot=0.5&capacity=1&without=images");
        Assert.Equal("s1.small", (await SellAsync(provider, Request("a"))).MachineType);
        Assert.Equal("s1.medium", (await SellAsync(provider, Request("b"))).MachineType);
        Assert.Equal("NoCapacity", await RefuseAsync(provider, Request("c") with { MaxHourlyPrice = 0.10m }));
        Assert.Equal("PriceTooHigh", await RefuseAsync(provider, Request("c") with { MaxHourlyPrice = 0.01m }));
        Assert.Equal("NoMachineType", await RefuseAsync(provider, Request("c") with { Cpu = 33 }));
        Assert.Equal("NoCapacity", await RefuseAsync(provider, Request("c") with { Market = VmMarket.Spot, MachineType = "s1.small", FallBackToOnDemand = true }));
    }

    [Fact]
    public async Task New_VMs_are_listed_late()
    {
        var provider = Open("sim://late?price=0.05&lag=300ms&without=images");
        var vm = await SellAsync(provider, Request("a"));
        Assert.Equal(TimeSpan.FromMilliseconds(300), (await provider.InspectAsync()).ListingDelay);
        var began = DateTimeOffset.UtcNow;
        while (await provider.ListAsync(VmQuery.Managed).FirstOrDefaultAsync() is not { } listed || listed.Id != vm.Id)
        {
            Assert.True(DateTimeOffset.UtcNow - began < TimeSpan.FromSeconds(60));
            await Task.Delay(20);
        }

        var slower = Open("sim://slower?lag=1h&without=images");
        await SellAsync(slower, Request("b"));
        Assert.Empty(await slower.ListAsync(VmQuery.Managed).ToListAsync());
    }

    [Fact]
    public async Task A_VM_is_removed_when_its_guest_shuts_down_if_so_asked()
    {
        var provider = Open("sim://cloud?price=0.05&shutdown=0ms&boot=0ms&without=images");
        var going = await SellAsync(provider, Request("going") with { RemoveOnShutdown = true });
        var staying = await SellAsync(provider, Request("staying"));
        await provider.ChangePowerAsync([going.Id, staying.Id], PowerAction.Shutdown).ToListAsync();
        Assert.Equal(["staying"], await provider.ListAsync(VmQuery.Managed).Select(v => v.Name).ToListAsync());
    }

    [Fact]
    public async Task A_host_that_costs_nothing_refuses_by_the_name_of_what_it_lacks()
    {
        var provider = Open("sim://own?without=images");
        foreach (var (request, lack) in new (VmRequest, string)[]
        {
            (Request("a") with { MachineType = "s1.small" }, "MachineTypes"),
            (Request("a") with { Gpu = 1 }, "MachineTypes"),
            (Request("a") with { Market = VmMarket.Spot }, "Spot"),
            (Request("a") with { OpenPorts = [22] }, "Firewall"),
            (Request("a") with { RemoveOnShutdown = true }, "RemoveOnShutdown"),
        })
        {
            var error = Assert.Single(await provider.CreateAsync([request]).ToListAsync()).Error!;
            Assert.Equal(StratusErrorKind.NotSupported, error.Kind);
            Assert.Contains($"lacks the capability {lack}", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(await provider.ListAsync(VmQuery.Managed).ToListAsync());
    }

    private static async Task<VirtualMachine> SellAsync(IComputeProvider provider, VmRequest request)
    {
        var outcome = Assert.Single(await provider.CreateAsync([request]).ToListAsync());
        return outcome.Vm ?? throw new InvalidOperationException("It was refused.", outcome.Error);
    }

    private static async Task<string> RefuseAsync(IComputeProvider provider, VmRequest request) =>
        Assert.Single(await provider.CreateAsync([request with { RequestId = Guid.NewGuid() }]).ToListAsync()).Error!.ErrorId;

    private static VmRequest Request(string name) => new()
    {
        RequestId = Guid.NewGuid(), Name = name, Image = MemoryImage.Random(4096).Descriptor, Cpu = 1, Memory = ByteSize.FromMiB(128), Owner = "o", Site = "s", CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private IComputeProvider Open(string uri) => _factory.Create(new HostDefinition { Name = "h", Uri = uri }, new MemoryCallJournal());
}
