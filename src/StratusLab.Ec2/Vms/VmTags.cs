using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Ec2.Vms;

/// <summary>What StratusLab keeps in the tags of an instance. A key has at most 128 characters, a value 256, a resource 50 tags.</summary>
internal static class VmTags
{
    public const string Name = "Name";
    public const string Request = "stratuslab:request";
    public const string ImageDigest = "stratuslab:image-digest";
    public const string Label = "stratuslab:label:";
    public const string Expires = "stratuslab:expires";

    private const string Owner = "stratuslab:owner", Site = "stratuslab:site", Fleet = "stratuslab:fleet", Image = "stratuslab:image", User = "stratuslab:user",
        Size = "stratuslab:size", Reason = "stratuslab:reason", Created = "stratuslab:created", Disk = "stratuslab:disk", Firmware = "stratuslab:firmware";

    private const int MaxTags = 50, MaxKey = 128, MaxValue = 256;

    /// <summary>The tags of a VM that is asked for.</summary>
    public static Dictionary<string, string> Of(VmRequest request, ByteSize disk)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Name] = request.Name,
            [Request] = request.RequestId.ToString("D"),
            [Owner] = request.Owner,
            [Site] = request.Site,
            [Image] = request.Image.ToString(),
            [ImageDigest] = request.Image.Digest,
            [User] = request.Image.DefaultUser,
            [Created] = Time(request.CreatedAt),
            [Disk] = disk.Bytes.ToString(CultureInfo.InvariantCulture),
            [Firmware] = request.Image.Firmware.ToString(),
        };
        if (request.Fleet is { } fleet) tags[Fleet] = fleet;
        if (request.Size is { } size) tags[Size] = size;
        if (request.PlacementReason is { } reason) tags[Reason] = reason.Length <= MaxValue ? reason : reason[..(MaxValue - 1)] + "…";
        if (request.ExpiresAt is { } expires) tags[Expires] = Time(expires);
        foreach (var (key, value) in request.Labels) tags[Label + key] = value;
        return tags;
    }

    /// <summary>Why EC2 would not take these tags; null if it will.</summary>
    public static string? WhyNot(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > MaxTags) return string.Create(CultureInfo.InvariantCulture, $"EC2 takes {MaxTags} tags at most, of which labels can have {MaxTags - 14}");
        foreach (var (key, value) in tags)
        {
            if (key.Length > MaxKey) return string.Create(CultureInfo.InvariantCulture, $"label '{key[Label.Length..]}' is longer than the {MaxKey - Label.Length} characters that EC2 leaves for it");
            if (value.Length > MaxValue) return string.Create(CultureInfo.InvariantCulture, $"the value of '{key}' is longer than the {MaxValue} characters of an EC2 tag");
        }

        return null;
    }

    /// <summary>The VM with what its tags say of it.</summary>
    public static VirtualMachine Apply(VirtualMachine vm, IReadOnlyDictionary<string, string> tags)
    {
        if (!Guid.TryParse(tags.GetValueOrDefault(Request), out var request)) return vm;
        return vm with
        {
            RequestId = request,
            Owner = tags.GetValueOrDefault(Owner),
            Site = tags.GetValueOrDefault(Site),
            Fleet = tags.GetValueOrDefault(Fleet),
            Image = tags.GetValueOrDefault(Image),
            ImageDigest = tags.GetValueOrDefault(ImageDigest),
            DefaultUser = tags.GetValueOrDefault(User),
            Size = tags.GetValueOrDefault(Size),
            PlacementReason = tags.GetValueOrDefault(Reason),
            CreatedAt = ReadTime(tags.GetValueOrDefault(Created)),
            ExpiresAt = ReadTime(tags.GetValueOrDefault(Expires)),
            Disk = new ByteSize(long.TryParse(tags.GetValueOrDefault(Disk), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0),
            Firmware = Enum.TryParse<Firmware>(tags.GetValueOrDefault(Firmware), out var firmware) ? firmware : default,
            Labels = tags.Where(tag => tag.Key.StartsWith(Label, StringComparison.Ordinal)).ToDictionary(tag => tag.Key[Label.Length..], tag => tag.Value, StringComparer.Ordinal),
        };
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? ReadTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
