using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    [ConformanceFact]
    public async Task Create_makes_a_VM_that_comes_to_run()
    {
        var request = NewRequest();
        var vm = await CreateAsync(request);
        Assert.Equal(request.RequestId, vm.RequestId);
        Assert.Equal(HostUnderTest.Name, vm.Host);
        Assert.Equal(request.Name, vm.Name);
        Assert.Contains(vm.State, (VmState[])[VmState.Pending, VmState.Running]);
        Assert.InRange(vm.Cpu, request.Cpu, host.GivesExactSizes ? request.Cpu : int.MaxValue);
        Assert.InRange(vm.Memory.Bytes, request.Memory.Bytes, host.GivesExactSizes ? request.Memory.Bytes : long.MaxValue);
        if (Provider.IdentityOf(request.RequestId) is { } identity) Assert.Equal(identity, vm.Id);
        await UntilStateAsync(vm.Id, VmState.Running);
    }

    [ConformanceFact]
    public async Task Bad_items_of_a_batch_stop_no_other_and_leave_nothing()
    {
        var good = Enumerable.Range(0, 3).Select(_ => NewRequest()).ToList();
        VmRequest[] bad =
        [
            NewRequest("name with <xml> & \"quotes\""),
            NewRequest("../../etc/passwd"),
            NewRequest() with { Cpu = 0 },
            NewRequest() with { Networks = ["no-such-network"] },
            NewRequest() with { Disk = new ByteSize(512) },
        ];
        var outcomes = await Collect(Provider.CreateAsync([good[0], .. bad, good[1], good[2]]));

        Assert.Equal(good.Count + bad.Length, outcomes.Count);
        Assert.Distinct(outcomes.Select(outcome => outcome.RequestId));
        Assert.All(bad, request =>
        {
            var outcome = outcomes.Single(outcome => outcome.RequestId == request.RequestId);
            Assert.NotNull(outcome.Error);
            Assert.Null(outcome.Vm);
            Assert.NotEmpty(outcome.Error.ErrorId);
        });
        Assert.All(good, request => Succeeded(outcomes.Single(outcome => outcome.RequestId == request.RequestId)));

        var listed = await Collect(Provider.ListAsync(VmQuery.Managed));
        Assert.Equal(good.Select(request => request.Name).Order(StringComparer.Ordinal), listed.Select(vm => vm.Name).Order(StringComparer.Ordinal));
    }

    [ConformanceFact]
    public async Task Creation_that_is_refused_leaves_nothing()
    {
        var before = await host.FootprintAsync();
        var outcome = await Single(Provider.CreateAsync([NewRequest() with { Networks = ["no-such-network"] }]));
        Assert.Contains("no-such-network", outcome.Error?.Message, StringComparison.Ordinal);
        Assert.Equal(before, await host.FootprintAsync());
    }

    [ConformanceFact]
    public async Task Request_repeated_returns_the_VM_that_is_there()
    {
        var request = NewRequest();
        var first = await CreateAsync(request);
        var second = await CreateAsync(request);
        Assert.Equal(first.Id, second.Id);
        Assert.Single(await Collect(Provider.ListAsync(VmQuery.Managed)));
    }

    [ConformanceFact]
    public async Task Request_repeated_over_another_connection_returns_the_VM_that_is_there()
    {
        var request = NewRequest();
        var first = await CreateAsync(request);
        await using var second = host.Connect();
        Assert.Equal(first.Id, Succeeded(await Single(second.CreateAsync([request]))).Id);
        Assert.Single(await Collect(Provider.ListAsync(VmQuery.Managed)));
    }

    [ConformanceFact]
    public async Task Request_twice_in_one_batch_makes_one_VM_and_two_outcomes()
    {
        var request = NewRequest();
        var outcomes = await Collect(Provider.CreateAsync([request, NewRequest(), request]));
        Assert.Equal(3, outcomes.Count);
        Assert.All(outcomes, outcome => Succeeded(outcome));
        Assert.Equal(2, outcomes.Count(outcome => outcome.RequestId == request.RequestId));
        Assert.Equal(2, (await Collect(Provider.ListAsync(VmQuery.Managed))).Count);
    }

    [ConformanceFact]
    public async Task Same_requests_from_two_connections_at_once_make_each_VM_once()
    {
        var before = await host.FootprintAsync();
        await using var second = host.Connect();
        for (var round = 0; round < 3; round++)
        {
            var batch = Enumerable.Range(0, 4).Select(_ => NewRequest()).ToList();
            var both = await Task.WhenAll(Collect(Provider.CreateAsync(batch)), Collect(second.CreateAsync(batch)));

            var made = both.SelectMany(outcomes => outcomes).Where(outcome => outcome.Error is null).Select(outcome => Succeeded(outcome)).ToList();
            Assert.All(both.SelectMany(outcomes => outcomes), outcome => Assert.True(outcome.Error is null or { IsTransient: true }, outcome.Error?.ToString()));
            Assert.Equal(batch.Select(request => request.RequestId).Order(), made.Select(vm => vm.RequestId!.Value).Distinct().Order());
            var listed = await Collect(Provider.ListAsync(VmQuery.Managed));
            Assert.Equal(Ids(made.DistinctBy(vm => vm.Id)), Ids(listed));
            Assert.All(listed, vm => Assert.Contains(vm.State, (VmState[])[VmState.Pending, VmState.Running]));

            Assert.All(await Collect(Provider.DeleteAsync(Ids(listed), AtOnce)), outcome => Assert.Null(outcome.Error));
            Assert.Equal(before, await host.FootprintAsync());
        }
    }

    [ConformanceFact]
    public async Task Name_that_is_taken_is_refused_and_the_first_VM_stays()
    {
        var first = await CreateAsync();
        var before = await host.FootprintAsync();
        var outcome = await Single(Provider.CreateAsync([NewRequest(first.Name)]));
        Assert.Equal(StratusErrorKind.AlreadyExists, outcome.Error?.Kind);
        Assert.Contains(first.Name, outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(before, await host.FootprintAsync());
        Assert.Equal(VmState.Running, (await FindAsync(first.Id))?.State);
    }

    [ConformanceFact]
    public async Task Name_of_a_foreign_VM_is_taken_too()
    {
        var outcome = await Single(Provider.CreateAsync([NewRequest(host.UnmanagedName)]));
        Assert.Equal(StratusErrorKind.AlreadyExists, outcome.Error?.Kind);
    }

    [ConformanceFact]
    public async Task Image_that_is_not_on_the_host_is_refused()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Images)) return;
        var absent = MemoryImage.Random(4096).Descriptor;
        var outcome = await Single(Provider.CreateAsync([NewRequest() with { Image = absent }]));
        Assert.Equal(StratusErrorKind.NotFound, outcome.Error?.Kind);
    }

    [ConformanceFact]
    public async Task What_was_asked_for_is_told_by_the_host_letter_by_letter()
    {
        var request = NewRequest() with
        {
            Owner = "o'brien <ops@site.example> & \"co\"",
            Site = "site-ß",
            Fleet = "atlas",
            Size = "small",
            PlacementReason = "most free memory (3 > 2) & label 'zone=<a>'",
            ExpiresAt = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Labels = new Dictionary<string, string>
            {
                ["project"] = "<vm name=\"x\">&amp;]]></vm>",
                ["Größe/ø.x-1"] = "漢字 🚀 e\u0301",
                ["spaces"] = "  a  b  ",
                ["quote'\""] = "'\"",
                ["empty"] = "",
            },
        };
        await CreateAsync(request);

        await using var second = host.Connect();
        var seen = await Single(second.ListAsync(new VmQuery { RequestIds = [request.RequestId] }));
        Assert.Equal(request.Owner, seen.Owner);
        Assert.Equal(request.Site, seen.Site);
        Assert.Equal(request.Fleet, seen.Fleet);
        Assert.Equal(request.Size, seen.Size);
        Assert.Equal(request.PlacementReason, seen.PlacementReason);
        Assert.Equal(request.CreatedAt, seen.CreatedAt);
        Assert.Equal(request.ExpiresAt, seen.ExpiresAt);
        Assert.Equal(request.Image.Digest, seen.ImageDigest);
        Assert.Equal(request.Image.ToString(), seen.Image);
        Assert.Equal(request.Image.DefaultUser, seen.DefaultUser);
        Assert.Equal(request.Labels.OrderBy(label => label.Key, StringComparer.Ordinal), seen.Labels.OrderBy(label => label.Key, StringComparer.Ordinal));
    }

    [ConformanceFact]
    public async Task Uefi_image_boots_or_is_refused_by_name()
    {
        var image = host.Image.Descriptor with { Firmware = Firmware.Uefi };
        var outcome = await Single(Provider.CreateAsync([NewRequest() with { Image = image }]));
        if (Provider.Capabilities.HasFlag(ProviderCapabilities.Uefi)) await UntilStateAsync(Succeeded(outcome).Id, VmState.Running);
        else AssertNames(ProviderCapabilities.Uefi, Assert.IsAssignableFrom<StratusException>(outcome.Error));
    }

    [ConformanceFact]
    public async Task Spot_machine_is_bought_or_refused_by_name()
    {
        if (await IsHonouredAsync(ProviderCapabilities.Spot, request => request with { Market = VmMarket.Spot }) is not { } vm) return;
        Assert.Equal(VmMarket.Spot, vm.Market);
        Assert.Equal(VmMarket.Spot, (await FindAsync(vm.Id))?.Market);
    }

    [ConformanceFact]
    public async Task Machine_type_is_what_was_asked_for_or_refused_by_name()
    {
        var isPriced = Provider.Capabilities.HasFlag(ProviderCapabilities.Priced);
        var type = isPriced ? (await ((IPricedHost)Provider).ListOffersAsync(new MachineNeeds { Cpu = 1, Memory = ByteSize.FromMiB(128) }))[^1].MachineType : "any";
        if (await IsHonouredAsync(ProviderCapabilities.MachineTypes, request => request with { MachineType = type }) is not { } vm) return;
        Assert.Equal(type, vm.MachineType);
        Assert.Equal(StratusErrorKind.NoCapacity, (await Single(Provider.CreateAsync([NewRequest() with { MachineType = "no.such" }]))).Error?.Kind);
        Assert.Equal(StratusErrorKind.NoCapacity, (await Single(Provider.CreateAsync([NewRequest() with { Gpu = 1000 }]))).Error?.Kind);
    }

    [ConformanceFact]
    public async Task Gpu_is_had_or_refused_by_name() => await IsHonouredAsync(ProviderCapabilities.MachineTypes, request => request with { Gpu = 1 });

    [ConformanceFact]
    public async Task Open_ports_are_set_or_refused_by_name()
    {
        if (await IsHonouredAsync(ProviderCapabilities.Firewall, request => request with { OpenPorts = [22, 443] }) is null) return;
        Assert.Equal(StratusErrorKind.InvalidInput, (await Single(Provider.CreateAsync([NewRequest() with { OpenPorts = [0] }]))).Error?.Kind);
    }

    [ConformanceFact]
    public async Task Removal_at_shutdown_is_set_or_refused_by_name() =>
        await IsHonouredAsync(ProviderCapabilities.RemoveOnShutdown, request => request with { RemoveOnShutdown = true });

    [ConformanceFact]
    public async Task Offers_are_those_that_creation_takes_the_cheapest_first()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Priced)) return;
        var offers = await ((IPricedHost)Provider).ListOffersAsync(new MachineNeeds { Cpu = 1, Memory = ByteSize.FromMiB(128), Disk = ByteSize.FromGiB(1) });
        Assert.Equal(offers.OrderBy(offer => offer.HourlyPrice).Select(offer => offer.HourlyPrice), offers.Select(offer => offer.HourlyPrice));
        var vm = await CreateAsync();
        Assert.Equal(offers[0].MachineType, vm.MachineType);
        Assert.InRange(vm.HourlyPrice!.Value, 0.000001m, offers[0].HourlyPrice);
        Assert.Equal(vm.HourlyPrice, (await Provider.InspectAsync()).HourlyCost);
    }

    private async Task<VirtualMachine?> IsHonouredAsync(ProviderCapabilities flag, Func<VmRequest, VmRequest> ask)
    {
        var before = await host.FootprintAsync();
        var outcome = await Single(Provider.CreateAsync([ask(NewRequest())]));
        if (Provider.Capabilities.HasFlag(flag)) return Succeeded(outcome);
        AssertNames(flag, Assert.IsAssignableFrom<StratusException>(outcome.Error));
        Assert.Equal(before, await host.FootprintAsync());
        return null;
    }

    [ConformanceFact]
    public async Task Cancelled_batch_ends_soon_and_what_became_of_each_can_be_settled()
    {
        var before = await host.FootprintAsync();
        var batch = Enumerable.Range(0, 8).Select(_ => NewRequest()).ToList();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Provider.CreateAsync(batch, stop.Token))
            {
                await stop.CancelAsync();
            }

            stop.Token.ThrowIfCancellationRequested();
        }).WaitAsync(host.Patience);

        var settled = await Collect(Provider.RecoverAsync(batch));
        Assert.Equal(batch.Count, settled.Count);
        Assert.All(settled, outcome => Assert.Null(outcome.Error));
        var made = settled.Where(outcome => outcome.Vm is not null).Select(outcome => outcome.Vm!.Id).ToHashSet();
        Assert.NotEmpty(made);
        Assert.Equal(made, (await Collect(Provider.ListAsync(VmQuery.Managed))).Select(vm => vm.Id).ToHashSet());

        Assert.All(await Collect(Provider.DeleteAsync([.. made], AtOnce)), outcome => Assert.Null(outcome.Error));
        Assert.Equal(before, await host.FootprintAsync());
    }
}
