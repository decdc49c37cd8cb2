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
    public const string Owner = "stratuslab:owner";
    public const string Site = "stratuslab:site";

    /// <summary>What a launch may use, so that labels can be added later and an organisation has room for tags of its own.</summary>
    public const int MaxAtLaunch = MaxTags - 6;

    private const string Fleet = "stratuslab:fleet", Image = "stratuslab:image", User = "stratuslab:user", Size = "stratuslab:size", Reason = "stratuslab:reason",
        Created = "stratuslab:created", Disk = "stratuslab:disk", Firmware = "stratuslab:firmware", Price = "stratuslab:price";

    private const int MaxTags = 50, MaxKey = 128, MaxValue = 256;

    /// <summary>The tags of VMs that are launched together; what they have in common is as the first of them says.</summary>
    /// <param name="members">The VMs, in the order of the launch.</param>
    /// <param name="disk">The disk that each gets.</param>
    /// <param name="hourlyPrice">What each costs an hour.</param>
    public static Dictionary<string, string> Of(IReadOnlyList<VmRequest> members, ByteSize disk, decimal hourlyPrice)
    {
        var request = members[0];
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Name] = CommonName(members),
            [Owner] = request.Owner,
            [Site] = request.Site,
            [Image] = request.Image.ToString(),
            [ImageDigest] = request.Image.Digest,
            [User] = request.Image.DefaultUser,
            [Created] = Time(request.CreatedAt),
            [Disk] = disk.Bytes.ToString(CultureInfo.InvariantCulture),
            [Firmware] = request.Image.Firmware.ToString(),
            [Price] = hourlyPrice.ToString(CultureInfo.InvariantCulture),
        };
        if (request.Fleet is { } fleet) tags[Fleet] = fleet;
        if (request.Size is { } size) tags[Size] = size;
        if (request.PlacementReason is { } reason) tags[Reason] = reason.Length <= MaxValue ? reason : reason[..(MaxValue - 1)] + "…";
        if (request.ExpiresAt is { } expires) tags[Expires] = Time(expires);
        foreach (var (key, value) in request.Labels.OrderBy(label => label.Key, StringComparer.Ordinal)) tags[Label + key] = value;
        foreach (var (key, value) in MemberTags.Of(members)) tags[key] = value;
        return tags;
    }

    /// <summary>How many of the tags of a launch do not say who is in it.</summary>
    public static int CommonCount(VmRequest request) => Of([request], ByteSize.Zero, 0).Count - 1;

    /// <summary>The tags of the volumes of a launch. Only the volume of a single VM can say whose it is.</summary>
    public static Dictionary<string, string> OfVolume(IReadOnlyDictionary<string, string> tags, IReadOnlyList<VmRequest> members)
    {
        var volume = new Dictionary<string, string>(StringComparer.Ordinal) { [Name] = tags[Name], [Owner] = tags[Owner], [Site] = tags[Site] };
        if (members is [var only]) volume[Request] = only.RequestId.ToString("D");
        return volume;
    }

    /// <summary>The name of one, or what the names of several begin with and an asterisk.</summary>
    private static string CommonName(IReadOnlyList<VmRequest> members)
    {
        if (members is [var only]) return only.Name;
        var common = members[0].Name.AsSpan();
        foreach (var member in members) common = common[..common.CommonPrefixLength(member.Name)];
        return $"{common}*";
    }

    /// <summary>Why EC2 would not take these tags; null if it will.</summary>
    public static string? WhyNot(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > MaxTags) return string.Create(CultureInfo.InvariantCulture, $"EC2 takes {MaxTags} tags at most, of which labels can have {MaxTags - 15}");
        foreach (var (key, value) in tags)
        {
            if (key.Length > MaxKey) return string.Create(CultureInfo.InvariantCulture, $"label '{key[Label.Length..]}' is longer than the {MaxKey - Label.Length} characters that EC2 leaves for it");
            if (value.Length > MaxValue) return string.Create(CultureInfo.InvariantCulture, $"the value of '{key}' is longer than the {MaxValue} characters of an EC2 tag");
        }

        return null;
    }

    /// <summary>The VM with what its tags say of it.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="tags">The tags of its instance.</param>
    /// <param name="launchIndex">Its number in its launch.</param>
    public static VirtualMachine Apply(VirtualMachine vm, IReadOnlyDictionary<string, string> tags, int launchIndex)
    {
        if (MemberTags.Find(tags, launchIndex) is not { } member) return vm;
        return vm with
        {
            Name = member.Name,
            RequestId = member.Request,
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
            HourlyPrice = decimal.TryParse(tags.GetValueOrDefault(Price), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) ? price : null,
            Firmware = Enum.TryParse<Firmware>(tags.GetValueOrDefault(Firmware), out var firmware) ? firmware : default,
            Labels = tags.Where(tag => tag.Key.StartsWith(Label, StringComparison.Ordinal)).ToDictionary(tag => tag.Key[Label.Length..], tag => tag.Value, StringComparer.Ordinal),
        };
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? ReadTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
