using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Types;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>Launches one VM, in the first of its places that has a machine for it.</summary>
internal sealed class VmLauncher(HostDefinition host, IEc2Client ec2, TypeCatalogue types, VmInventory inventory)
{
    // Beyond these a region that lacks capacity would be asked for minutes.
    private const int MaxTypes = 8;

    /// <summary>Launches the VM of a request.</summary>
    /// <exception cref="StratusException">It was refused, or no place has a machine.</exception>
    public async Task<VirtualMachine> LaunchAsync(VmRequest request, LaunchSite site, CancellationToken cancellationToken = default)
    {
        var image = await site.ImageAsync(request.Image, cancellationToken).ConfigureAwait(false);
        var group = await site.GroupAsync(cancellationToken).ConfigureAwait(false);
        StratusException? lacking = null;
        await foreach (var place in PlacesAsync(request, site, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                var reservation = await ec2.SendAsync(Launch(request, image, group, place), cancellationToken).ConfigureAwait(false);
                return await inventory.ViewAsync(reservation.Instances[0], cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (Ec2ErrorCode.IsLackOfCapacity(e.Code))
            {
                lacking = e;
            }
        }

        throw lacking ?? VmErrors.NoType(host, request);
    }

    // First every zone for the type that fits best, then the next type. The zones begin with one that the request decides, so that a batch
    // is spread and the same request begins with the same place.
    private async IAsyncEnumerable<LaunchPlace> PlacesAsync(VmRequest request, LaunchSite site, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subnets = await site.SubnetsAsync(request, cancellationToken).ConfigureAwait(false);
        var first = request.RequestId.ToByteArray()[0] % subnets.Count;
        var fitting = await types.FittingAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var type in fitting.Take(MaxTypes))
        {
            var zones = await types.ZonesAsync(type.Name, cancellationToken).ConfigureAwait(false);
            foreach (var subnet in subnets.Skip(first).Concat(subnets.Take(first)).Where(s => zones.Contains(s.AvailabilityZone)))
                yield return new LaunchPlace(type.Name, subnet.SubnetId);
        }
    }

    private RunInstances Launch(VmRequest request, Image image, string? group, LaunchPlace place)
    {
        var disk = RequestRules.Disk(request);
        var tags = VmTags.Of(request, disk);
        return new RunInstances
        {
            ImageId = image.ImageId,
            InstanceType = place.InstanceType,
            SubnetId = place.SubnetId,
            MinCount = 1,
            MaxCount = 1,
            ClientToken = Token(request, place),
            SecurityGroupIds = group is null ? [] : [group],
            UserData = UserData.Encode(host, request),
            MetadataOptions = new MetadataOptions { HttpTokens = TokenUse.Required, HttpEndpoint = "enabled" },
            BlockDevices =
            [
                new BlockDeviceMapping
                {
                    DeviceName = image.RootDeviceName,
                    Ebs = new EbsBlockDevice { SizeGiB = (int)(disk.Bytes >> 30), VolumeType = VolumeType.Gp3, Encrypted = true, DeleteOnTermination = true },
                },
            ],
            TagSpecifications =
            [
                new TagSpecification { ResourceType = "instance", Tags = tags },
                new TagSpecification { ResourceType = "volume", Tags = new Dictionary<string, string> { [VmTags.Name] = request.Name, [VmTags.Request] = tags[VmTags.Request] } },
            ],
        };
    }

    /// <summary>The same request in the same place has the same token, so that it is launched there once.</summary>
    private static string Token(VmRequest request, LaunchPlace place)
    {
        var where = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{place.InstanceType}/{place.SubnetId}")));
        return $"sl-{request.RequestId:N}-{where[..12]}";
    }
}
