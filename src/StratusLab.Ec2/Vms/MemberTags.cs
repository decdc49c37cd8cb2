using System.Buffers.Text;
using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Ec2.Vms;

/// <summary>
/// Who is who among the instances of one launch. EC2 gives all of them the same tags, and each its number in the launch
/// (<c>amiLaunchIndex</c>); so the tags <c>stratuslab:vms:00</c>, <c>:01</c> and so on name the VMs in that order, as
/// <c>name=request</c>, the request's identity in base64url, separated by spaces.
/// </summary>
internal static class MemberTags
{
    /// <summary>The key that every instance of StratusLab has.</summary>
    public const string First = Prefix + "00";

    private const string Prefix = "stratuslab:vms:";
    private const int MaxValue = 256;

    /// <summary>The keys and values that name these VMs.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<VmRequest> members)
    {
        var (number, value) = (0, "");
        foreach (var member in members)
        {
            var item = $"{member.Name}={Encode(member.RequestId)}";
            if (value.Length > 0 && value.Length + 1 + item.Length > MaxValue)
            {
                yield return new(Key(number++), value);
                value = item;
            }
            else
            {
                value = value.Length == 0 ? item : $"{value} {item}";
            }
        }

        yield return new(Key(number), value);
    }

    /// <summary>The VM with this number; null where the tags name none.</summary>
    public static (string Name, Guid Request)? Find(IReadOnlyDictionary<string, string> tags, int index)
    {
        for (var number = 0; tags.TryGetValue(Key(number), out var value); number++)
        {
            var count = value.AsSpan().Count(' ') + 1;
            if (index >= count)
            {
                index -= count;
                continue;
            }

            foreach (var range in value.AsSpan().Split(' '))
            {
                if (index-- == 0) return Read(value.AsSpan()[range]);
            }
        }

        return null;
    }

    /// <summary>The names of all, in order.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyDictionary<string, string> tags)
    {
        var names = new List<string>();
        while (Find(tags, names.Count) is { } member) names.Add(member.Name);
        return names;
    }

    /// <summary>Patterns of EC2's filters that match the tag in which a VM of this name stands.</summary>
    public static IEnumerable<string> Patterns(string name) => [$"{name}=*", $"* {name}=*"];

    /// <summary>The pattern of EC2's filters that matches the tag in which the VM of this request stands.</summary>
    public static string Pattern(Guid request) => $"*={Encode(request)}*";

    private static string Key(int number) => number switch
    {
        0 => First,
        _ => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:00}"),
    };

    private static string Encode(Guid request) => Base64Url.EncodeToString(request.ToByteArray());

    private static (string Name, Guid Request)? Read(ReadOnlySpan<char> item)
    {
        var equals = item.IndexOf('=');
        Span<byte> bytes = stackalloc byte[16];
        return equals > 0 && Base64Url.TryDecodeFromChars(item[(equals + 1)..], bytes, out var length) && length == bytes.Length
            ? (item[..equals].ToString(), new Guid(bytes))
            : null;
    }
}
