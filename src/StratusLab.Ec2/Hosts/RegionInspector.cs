using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Pricing;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Hosts;

/// <summary>What a region is as a host. Its ceiling is what the URI declares: EC2 itself has no end that it would tell.</summary>
internal sealed class RegionInspector(HostDefinition host, Ec2Uri uri, IEc2Client ec2, VmInventory inventory, OfferBook offers, TimeProvider clock)
{
    // What an account may have of gp3 volumes in a region unless it asked for more.
    private static readonly ByteSize Storage = ByteSize.FromGiB(50 << 10);
    private static readonly ByteSize MemoryPerVCpu = ByteSize.FromGiB(8);

    public async Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default)
    {
        await offers.PrepareAsync(VmMarket.OnDemand, cancellationToken).ConfigureAwait(false);
        int count = 0, cpu = 0;
        ByteSize memory = default, disk = default;
        await foreach (var vm in inventory.ListAsync(new VmQuery { IncludeUnmanaged = true, WithAddresses = false }, cancellationToken).ConfigureAwait(false))
        {
            count++;
            cpu += vm.Cpu;
            memory += vm.Memory;
            disk += vm.Disk;
        }

        return new HostStatus
        {
            Host = host.Name,
            Health = HostHealth.Ready,
            MachineId = await AccountAsync(cancellationToken).ConfigureAwait(false),
            Hypervisor = "Nitro",
            Manager = $"Amazon EC2 {Ec2Client.ApiVersion}",
            Cpu = uri.MaxVCpu,
            CpuAllocated = cpu,
            Memory = new ByteSize(MemoryPerVCpu.Bytes * uri.MaxVCpu),
            MemoryAllocated = memory,
            Storage = Storage,
            StorageFree = disk < Storage ? Storage - disk : ByteSize.Zero,
            VmCount = count,
            At = clock.GetUtcNow(),
        };
    }

    public async IAsyncEnumerable<HostCheck> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var zones = await ec2.SendAsync(new DescribeAvailabilityZones(), cancellationToken).ConfigureAwait(false);
        yield return new HostCheck(host.Name, "Sign-in", CheckResult.Passed, $"EC2 in {uri.Region} answers; {zones.Count} availability zones.");

        var subnets = new List<Subnet>();
        await foreach (var subnet in ec2.ListAsync(new DescribeSubnets(), cancellationToken).ConfigureAwait(false)) subnets.Add(subnet);
        var usable = subnets.Where(s => host.Network == "default" ? s.IsDefault : s.SubnetId == host.Network || s.Tags.GetValueOrDefault(VmTags.Name) == host.Network).ToList();
        yield return usable.Count > 0
            ? new HostCheck(host.Name, "Network", CheckResult.Passed, $"{usable.Count} subnets of network '{host.Network}', {usable.Sum(s => s.AvailableAddresses)} free addresses.")
            : new HostCheck(host.Name, "Network", CheckResult.Failed, $"No subnet of network '{host.Network}'.", "Create the default VPC (aws ec2 create-default-vpc), or register the host with the identity or Name tag of a subnet.");

        var refused = await ec2.DryRunAsync(new TerminateInstances { InstanceIds = ["i-00000000000000000"] }, cancellationToken).ConfigureAwait(false);
        yield return refused is null or { Kind: StratusErrorKind.NotFound }
            ? new HostCheck(host.Name, "Permission", CheckResult.Passed, "Instances may be terminated.")
            : new HostCheck(host.Name, "Permission", CheckResult.Failed, refused.Message, "Have an administrator of the account allow ec2:RunInstances, ec2:TerminateInstances, ec2:CreateTags and ec2:Describe*.");

        yield return await offers.CheckAsync(host, cancellationToken).ConfigureAwait(false);
    }

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
