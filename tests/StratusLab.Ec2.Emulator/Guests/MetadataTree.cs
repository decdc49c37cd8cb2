using System.Globalization;
using System.Text;
using StratusLab.Ec2.Emulator.Cloud;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>What the metadata service tells an instance of itself.</summary>
internal static class MetadataTree
{
    /// <summary>What is at a path; null where nothing is.</summary>
    public static byte[]? Of(EmulatedCloud cloud, EmulatedInstance instance, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["latest"] => Text("dynamic\nmeta-data\nuser-data"),
            ["latest", "user-data"] => instance.UserData is { } data ? Convert.FromBase64String(data) : null,
            ["latest", "meta-data", .. var rest] => Text(MetaData(cloud, instance, string.Join('/', rest))),
            _ => null,
        };
    }

    private static string? MetaData(EmulatedCloud cloud, EmulatedInstance instance, string path)
    {
        var host = $"ip-{instance.PrivateAddress.Replace('.', '-')}.{cloud.Options.Region}.compute.internal";
        return path switch
        {
            "" => "ami-id\nami-launch-index\nhostname\ninstance-id\ninstance-life-cycle\ninstance-type\nlocal-hostname\nlocal-ipv4\nplacement/\npublic-keys/\nreservation-id\nsecurity-groups\nspot/",
            "ami-id" => instance.ImageId,
            "ami-launch-index" => instance.LaunchIndex.ToString(CultureInfo.InvariantCulture),
            "hostname" or "local-hostname" => host,
            "instance-id" => instance.Id,
            "instance-life-cycle" => instance.Market,
            "instance-type" => instance.Type.Name,
            "local-ipv4" => instance.PrivateAddress,
            "public-ipv4" => instance.PublicAddress,
            "placement" => "availability-zone\nregion",
            "placement/availability-zone" => instance.Subnet.Zone,
            "placement/region" => cloud.Options.Region,
            "public-keys" => instance.KeyName is { } key ? $"0={key}" : null,
            "public-keys/0" => instance.KeyName is null ? null : "openssh-key",
            "public-keys/0/openssh-key" => cloud.Keys.Find(k => k.Name == instance.KeyName)?.Content,
            "reservation-id" => instance.ReservationId,
            "security-groups" => string.Join('\n', instance.GroupIds.Select(id => cloud.Group(id).Name)),
            "spot" => instance.InterruptedAt is null ? null : "instance-action\ntermination-time",
            "spot/instance-action" => instance.InterruptedAt is { } at ? $$"""{"action": "terminate", "time": "{{Time(at)}}"}""" : null,
            "spot/termination-time" => instance.InterruptedAt is { } end ? Time(end) : null,
            _ => null,
        };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static byte[]? Text(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
