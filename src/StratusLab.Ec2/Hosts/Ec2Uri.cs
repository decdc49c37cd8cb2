using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using StratusLab.Core;
using StratusLab.Ec2.Client;

namespace StratusLab.Ec2.Hosts;

/// <summary>A host's URI taken apart: <c>ec2://REGION?profile=…&amp;endpoint=…</c>.</summary>
/// <param name="Region">The region.</param>
/// <param name="SecurityGroup">Identity or name of the security group of the VMs; null for one that follows from the request.</param>
/// <param name="From">The network, as CIDR, from which open ports can be reached.</param>
internal sealed partial record Ec2Uri(string Region, string? SecurityGroup, string From)
{
    private const string Everywhere = "0.0.0.0/0";

    /// <summary>The S3 bucket through which images come; null for the account's own, which is made when it is needed.</summary>
    public string? Bucket { get; init; }

    /// <summary>How the client is set up.</summary>
    public required Ec2ClientOptions Client { get; init; }

    /// <summary>Path of the site's own rates; null for the list prices alone.</summary>
    public string? RateFile { get; init; }

    /// <summary>Reads a host's URI.</summary>
    /// <exception cref="InvalidInputException">A part is wrong; the message names it.</exception>
    public static Ec2Uri Parse(HostDefinition host)
    {
        if (!Uri.TryCreate(host.Uri, UriKind.Absolute, out var uri) || uri.Scheme != "ec2" || !host.Uri.StartsWith("ec2://", StringComparison.OrdinalIgnoreCase))
            throw Wrong($"'{host.Uri}' is not a host of EC2. Write ec2:// and a region, such as ec2://eu-west-1.");
        if (!RegionPattern().IsMatch(uri.Host)) throw Wrong($"'{uri.Host}' is not the name of a region. Write one such as eu-west-1.");
        if (uri.AbsolutePath is not ("" or "/") || uri.UserInfo.Length > 0 || !uri.IsDefaultPort || uri.Fragment.Length > 0)
            throw Wrong($"'{host.Uri}' has more than a region and settings. Credentials come from the AWS profile or environment, never from the URI.");

        var parsed = new Ec2Uri(uri.Host, null, Everywhere) { Client = new Ec2ClientOptions { HostName = host.Name, Region = uri.Host } };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            parsed = parsed.With(parts[0], parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        if (parsed.Client.Endpoint is not null && (parsed.Client.UseFips || parsed.Client.UseDualStack))
            throw Wrong("An endpoint of its own cannot be had together with fips or dualstack, which choose one of AWS.");
        return parsed;
    }

    private Ec2Uri With(string name, string value) => name switch
    {
        "profile" when value.Length > 0 => this with { Client = Client with { ProfileName = value } },
        "endpoint" when Uri.TryCreate(value, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" => this with { Client = Client with { Endpoint = endpoint } },
        "fips" => this with { Client = Client with { UseFips = Flag(name, value) } },
        "dualstack" => this with { Client = Client with { UseDualStack = Flag(name, value) } },
        "retry" when value is "standard" or "adaptive" => this with { Client = Client with { AdaptiveRetry = value == "adaptive" } },
        "attempts" => this with { Client = Client with { MaxAttempts = Number(name, value, 1, 10) } },
        "s3" when Uri.TryCreate(value, UriKind.Absolute, out var storage) && storage.Scheme is "http" or "https" => this with { Client = Client with { S3Endpoint = storage } },
        "bucket" when BucketPattern().IsMatch(value) => this with { Bucket = value },
        "from" when IPNetwork.TryParse(value, out var network) => this with { From = network.ToString() },
        "group" when value.Length > 0 => this with { SecurityGroup = value },
        "rates" when Path.IsPathFullyQualified(value) => this with { RateFile = value },
        "rates" => throw Wrong($"'{value}' is not a value of the URI's 'rates': write the full path of a rate file, such as /etc/stratuslab/rates.csv."),
        "profile" or "endpoint" or "retry" or "group" or "from" or "s3" or "bucket" => throw Wrong($"'{value}' is not a value of the URI's '{name}'."),
        _ => throw Wrong($"'{name}' is not a setting of an ec2 URI; there are profile, endpoint, fips, dualstack, retry, attempts, group, from, rates, s3 and bucket."),
    };

    private static bool Flag(string name, string value) => value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong($"'{value}' is not a value of the URI's '{name}': write true or false."),
    };

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"'{value}' is not a value of the URI's '{name}': write a number from {least} to {most}."));

    private static InvalidInputException Wrong(string message) => new("InvalidHostUri", message, "Uri");

    // "Bucket naming rules", Amazon S3 user guide.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BucketPattern();

    [GeneratedRegex(@"\A[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RegionPattern();
}
