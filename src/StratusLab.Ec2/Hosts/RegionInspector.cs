using System.Globalization;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.InstanceTypes;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Client.Operations.Tags;
using StratusLab.Ec2.Launch;
using StratusLab.Ec2.Pricing;
using StratusLab.Ec2.Types;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Hosts;

/// <summary>What a region is as a host. Its ceiling is what its definition declares: EC2 itself has no end that it would tell.</summary>
internal sealed class RegionInspector(
    HostDefinition host, Ec2Uri uri, IEc2Client ec2, VmInventory inventory, TypeCatalogue types, OfferBook offers, TimeProvider clock)
{
    private const string NoInstance = "i-00000000000000000", NoImage = "ami-00000000000000000";

    // EC2 refuses requests signed 5 minutes off.
    private static readonly TimeSpan SkewLimit = TimeSpan.FromMinutes(1);

    public async Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default)
    {
        await offers.PrepareAsync(VmMarket.OnDemand, cancellationToken).ConfigureAwait(false);
        int count = 0, cpu = 0;
        ByteSize memory = default;
        decimal cost = 0;
        await foreach (var vm in inventory.ListAsync(new VmQuery { IncludeUnmanaged = true, WithAddresses = false }, cancellationToken).ConfigureAwait(false))
        {
            count++;
            cpu += vm.Cpu;
            memory += vm.Memory;
            if (vm.IsManaged) cost += vm.HourlyPrice ?? 0;
        }

        // Whoever asks about a host may be about to launch: what that needs is looked up by the way.
        await types.ListAsync(cancellationToken).ConfigureAwait(false);

        return new HostStatus
        {
            Host = host.Name,
            Health = HostHealth.Ready,
            MachineId = await AccountAsync(cancellationToken).ConfigureAwait(false),
            Hypervisor = "Nitro",
            Manager = $"Amazon EC2 {Ec2Client.ApiVersion}",
            IsElastic = true,
            ListingDelay = LaunchCalls.ListingDelay,
            HourlyCost = cost,
            Cpu = host.MaxVCpu ?? 0,
            CpuAllocated = cpu,
            MemoryAllocated = memory,
            VmCount = count,
            At = clock.GetUtcNow(),
        };
    }

    public async IAsyncEnumerable<HostCheck> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var zones = await ec2.SendAsync(new DescribeAvailabilityZones(), cancellationToken).ConfigureAwait(false);
        yield return Passed("Sign-in", $"EC2 in {uri.Region} answers; {zones.Count} availability zones.");

        yield return ec2.ClockSkew is { } skew && skew.Duration() > SkewLimit
            ? Warning("Clock", string.Create(CultureInfo.InvariantCulture, $"This machine's clock is {skew.TotalSeconds:0} s ahead of EC2's."), "Have it set by NTP: EC2 refuses requests that are 5 minutes off.")
            : Passed("Clock", "This machine's clock agrees with EC2's.");

        var subnets = new List<Subnet>();
        await foreach (var subnet in ec2.ListAsync(new DescribeSubnets(), cancellationToken).ConfigureAwait(false)) subnets.Add(subnet);
        var usable = subnets.Where(s => host.Network == "default" ? s.IsDefault : s.SubnetId == host.Network || s.Tags.GetValueOrDefault(VmTags.Name) == host.Network).ToList();
        var free = usable.Sum(s => s.AvailableAddresses);
        yield return usable.Count == 0
            ? Failed("Network", $"No subnet of network '{host.Network}'.", "Create the default VPC (aws ec2 create-default-vpc), or register the host with the identity or Name tag of a subnet.")
            : free == 0 ? Failed("Network", $"{usable.Count} subnets of network '{host.Network}', without a free address.", "Remove VMs, or register the host with a larger subnet.")
            : Passed("Network", $"{usable.Count} subnets of network '{host.Network}', {free} free addresses.");

        var run = new RunInstances { ImageId = NoImage, InstanceType = "t3.micro", MinCount = 1, MaxCount = 1 };
        yield return Allowed("Launching", "ec2:RunInstances", await ec2.DryRunAsync(run, cancellationToken).ConfigureAwait(false));
        yield return Allowed("Tagging", "ec2:CreateTags", await ec2.DryRunAsync(new CreateTags { ResourceIds = [NoInstance], Tags = new Dictionary<string, string> { [VmTags.Owner] = "nobody" } }, cancellationToken).ConfigureAwait(false));
        yield return Allowed("Terminating", "ec2:TerminateInstances", await ec2.DryRunAsync(new TerminateInstances { InstanceIds = [NoInstance] }, cancellationToken).ConfigureAwait(false));
        yield return await QuotaAsync(cancellationToken).ConfigureAwait(false);
        yield return await offers.CheckAsync(host, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HostCheck> QuotaAsync(CancellationToken cancellationToken)
    {
        var attributes = await ec2.SendAsync(new DescribeAccountAttributes(), cancellationToken).ConfigureAwait(false);
        var most = attributes.FirstOrDefault(attribute => attribute.Name == "max-instances")?.Values is [var value, ..] ? value.Value : null;
        return Passed("Quota", most is null
            ? "EC2 does not tell; the limits of running vCPUs are told by Service Quotas."
            : $"EC2 tells of {most} on-demand instances at first; the limits of running vCPUs that hold are told by Service Quotas.");
    }

    // What is not there would be refused as such only after the permission was looked at.
    private HostCheck Allowed(string name, string permission, HostRefusedException? refused) => refused is null or { Kind: not StratusErrorKind.PermissionDenied }
        ? Passed(name, $"{permission} is allowed.")
        : Failed(name, refused.Message, $"Have an administrator of the account allow {permission}.");

    private HostCheck Passed(string name, string detail) => new(host.Name, name, CheckResult.Passed, detail);

    private HostCheck Warning(string name, string detail, string remedy) => new(host.Name, name, CheckResult.Warning, detail, remedy);

    private HostCheck Failed(string name, string detail, string remedy) => new(host.Name, name, CheckResult.Failed, detail, remedy);

    // A region of an account is one machine, however it is reached: its default network has an identity of its own, and an owner.
    private async Task<string> AccountAsync(CancellationToken cancellationToken)
    {
        await foreach (var vpc in ec2.ListAsync(new DescribeVpcs(), cancellationToken).ConfigureAwait(false))
        {
            if (vpc.OwnerId is { Length: > 0 } owner) return $"{owner}/{uri.Region}";
        }

        return uri.Region;
    }
}
