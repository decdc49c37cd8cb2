using System.IO.Compression;
using System.Net;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Rig;

namespace StratusLab.Ec2.Tests.Provider;

/// <summary>What the provider makes of requests, and of a region where things go wrong.</summary>
public sealed class LaunchTests
{
    [Fact]
    public async Task Instance_is_the_smallest_that_fits_with_its_disk_encrypted_and_IMDSv2_required()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var vm = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Cpu = 4, Memory = ByteSize.FromGiB(8), Disk = ByteSize.FromGiB(20) }]).ToListAsync()));
        var instance = Assert.Single(region.Emulator.Cloud.Instances);
        Assert.Equal(("c6i.xlarge", "required"), (instance.Type.Name, instance.HttpTokens));
        var disk = Assert.Single(instance.Volumes);
        Assert.Equal((20, true, true, "gp3"), (disk.SizeGiB, disk.Encrypted, disk.DeleteOnTermination, disk.Type));
        Assert.Equal((4, ByteSize.FromGiB(8), ByteSize.FromGiB(20)), (vm.Cpu, vm.Memory, vm.Disk));
        Assert.Empty(region.Emulator.Violations);
    }

    [Fact]
    public async Task Burstable_machine_costs_no_more_than_its_price()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        await provider.CreateAsync([ProviderRegion.Request(), ProviderRegion.Request() with { MachineType = "m5.large" }]).ToListAsync();
        Assert.Equal(new Dictionary<string, string?> { ["t3.micro"] = "standard", ["m5.large"] = null }, region.Cloud.Instances.ToDictionary(i => i.Type.Name, i => i.CpuCredits));
        Assert.Empty(region.Emulator.Violations);
    }

    [Fact]
    public async Task Type_that_is_nowhere_to_be_had_leads_to_the_next_type()
    {
        await using var region = await ProviderRegion.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, InstanceType = "t3.micro" });
        await using var provider = region.Connect();
        ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request()]).ToListAsync()));
        Assert.Equal("t3.small", Assert.Single(region.Emulator.Cloud.Instances).Type.Name);
        Assert.Equal(3, region.Emulator.Calls.Count(call => call.Outcome == "InsufficientInstanceCapacity"));
    }

    [Fact]
    public async Task Region_without_any_machine_says_so_and_nothing_is_left()
    {
        await using var region = await ProviderRegion.StartAsync(clock: new FastClock(10));
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity });
        await using var provider = region.Connect();
        var error = Assert.Single(await provider.CreateAsync([ProviderRegion.Request()]).ToListAsync()).Error;
        Assert.Equal(("Ec2CapacityLacking", StratusErrorKind.NoCapacity), (error?.ErrorId, error?.Kind));
        Assert.Equal(0, region.Emulator.Cloud.Launched);
    }

    [Fact]
    public async Task Batch_in_bad_weather_makes_each_VM_once()
    {
        await using var region = await ProviderRegion.StartAsync(clock: new FastClock(10));
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, Share = 0.3 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostReply, Action = "RunInstances", Share = 0.1 });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Action = "RunInstances", Code = "RequestLimitExceeded", Status = HttpStatusCode.ServiceUnavailable, Share = 0.1 });
        await using var provider = region.Connect("&attempts=8");
        var requests = Enumerable.Range(0, 40).Select(_ => ProviderRegion.Request()).ToList();
        var outcomes = await provider.CreateAsync(requests).ToListAsync();
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal(40, outcomes.Select(outcome => outcome.Id).Distinct().Count());
        Assert.Equal(40, region.Emulator.Cloud.Launched);
    }

    [Fact]
    public async Task VM_launched_a_moment_ago_and_not_yet_listed_is_not_missing()
    {
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromSeconds(3) });
        await using var provider = region.Connect();
        var request = ProviderRegion.Request() with { CreatedAt = DateTimeOffset.UtcNow };
        var made = ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([request]).ToListAsync()));
        Assert.Equal(made.Id, Assert.Single(await provider.ListAsync(VmQuery.Managed).ToListAsync()).Id);
        Assert.Equal(made.Id, Assert.Single(await provider.RecoverAsync([request]).ToListAsync()).Id);
        Assert.Equal(1, region.Emulator.Cloud.Launched);
    }

    [Fact]
    public async Task User_data_too_long_is_compressed_and_beyond_that_refused()
    {
        await using var region = await ProviderRegion.StartAsync();
        await using var provider = region.Connect();
        var script = "#!/bin/sh\n" + string.Concat(Enumerable.Repeat("echo hello\n", 3000));
        ProviderRegion.Succeeded(Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Guest = new GuestSetup { UserData = script, SshKeys = ["ssh-ed25519 AAAA it's me"] } }]).ToListAsync()));
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(region.Emulator.Cloud.Instances[0].UserData!)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var text = await reader.ReadToEndAsync();
        Assert.Contains(script, text, StringComparison.Ordinal);
        Assert.Contains("- 'ssh-ed25519 AAAA it''s me'", text, StringComparison.Ordinal);

        var noise = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 4000).Select(_ => Guid.NewGuid()))));
        var error = Assert.Single(await provider.CreateAsync([ProviderRegion.Request() with { Guest = new GuestSetup { UserData = "#!/bin/sh\n# " + noise } }]).ToListAsync()).Error;
        Assert.Equal("UserData", Assert.IsType<InvalidInputException>(error).Field);
        Assert.DoesNotContain(noise[..20], error.ToString(), StringComparison.Ordinal);
    }
}
