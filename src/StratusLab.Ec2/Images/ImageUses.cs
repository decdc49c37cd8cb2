using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;

namespace StratusLab.Ec2.Images;

/// <summary>Finds out how much machine images are used. EC2 lists terminated instances for about an hour; what was before, an image itself tells to a day.</summary>
internal sealed class ImageUses(IEc2Client ec2)
{
    // The most values that one filter takes.
    private const int MaxFilterValues = 200;

    /// <summary>The use of each, by its identity.</summary>
    public async Task<IReadOnlyDictionary<string, ImageUse>> CountAsync(IReadOnlyList<Image> images, CancellationToken cancellationToken)
    {
        var uses = images.ToDictionary(image => image.ImageId, image => new ImageUse(0, image.LastLaunchedTime), StringComparer.Ordinal);
        foreach (var ids in uses.Keys.ToList().Chunk(MaxFilterValues))
        {
            var describe = new DescribeInstances { MaxResults = 1000, Filters = [new Filter { Name = "image-id", Values = ids }] };
            await foreach (var reservation in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false))
            {
                foreach (var instance in reservation.Instances)
                {
                    if (!uses.TryGetValue(instance.ImageId, out var use)) continue;
                    var isThere = instance.State != InstanceState.Terminated && instance.State != InstanceState.ShuttingDown;
                    uses[instance.ImageId] = new ImageUse(use.Count + (isThere ? 1 : 0), Latest(use.LastAt, instance.LaunchTime));
                }
            }
        }

        return uses;
    }

    public static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
