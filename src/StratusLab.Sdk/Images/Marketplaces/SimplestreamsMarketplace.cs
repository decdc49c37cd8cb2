using System.Runtime.CompilerServices;
using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A simplestreams catalogue (formats <c>index:1.0</c> and <c>products:1.0</c>), as Ubuntu, LXD and MAAS have them: whole disks in it are images.</summary>
internal sealed class SimplestreamsMarketplace(Marketplace marketplace, ImageLibrary library, TimeProvider clock) : IImageSource
{
    private const int MaxList = 64 << 20;
    private const string Index = "streams/v1/index.json";

    // What holds a whole disk that boots, the best first.
    private static readonly string[] DiskTypes = ["disk-kvm.img", "disk1.img", "disk.img", "disk.qcow2", "uefi1.img"];

    private readonly HttpSource _http = new(clock);
    private readonly Uri _base = MarketplaceAddress.ParseUrl(marketplace.Uri, marketplace.PlainHttp);

    public void Dispose() => _http.Dispose();

    /// <summary>Sees that it is a catalogue.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var index = await ReadAsync(Index, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<FoundImage> FindAsync(ImageQuery query, IReadOnlyCollection<string> seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (image, _) in await ListAsync(cancellationToken).ConfigureAwait(false))
            if (query.Matches(image) && query.MatchesStatements(image)) yield return image;
    }

    public async Task<(bool IsThere, string? Digest)> LookUpAsync(string name, string version, CancellationToken cancellationToken) =>
        (Choose(await ListAsync(cancellationToken).ConfigureAwait(false), name, version) is not null, null);

    public async Task<StratusImage> ReceiveAsync(string name, string version, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var (image, disk) = Choose(await ListAsync(cancellationToken).ConfigureAwait(false), name, version)
            ?? throw new StratusException("ImageNotFound", StratusErrorKind.NotFound, $"Marketplace '{marketplace.Name}' has no image '{name}:{version}'. Find-StratusImage shows what there is.") { Resource = $"{marketplace.Name}/{name}:{version}" };
        var layout = await library.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
        var path = await _http.FetchAsync(disk.Address, disk.Checksum, Path.Combine(layout.Folder, ".partial"), progress, cancellationToken).ConfigureAwait(false);
        try
        {
            return await library.PublishAsync(
                new ImagePublication { Path = path, Name = image.Name, Version = image.Version, Title = image.Title, Architecture = image.Architecture, DefaultUser = disk.User, Creator = _base.Host },
                progress,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (FoundImage Image, Disk Disk)? Choose(IReadOnlyList<(FoundImage Image, Disk Disk)> all, string name, string version)
    {
        var named = all.Where(i => i.Image.Name == name).ToList();
        var fitting = named.Where(i => version == "latest" || i.Image.Tags.Contains(version, StringComparer.Ordinal)).ToList();
        return fitting.Count == 0 ? null : fitting.MaxBy(i => (i.Image.Tags.Contains(version, StringComparer.Ordinal), i.Disk.Serial), Comparer<(bool, string)>.Create((a, b) => a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1) : string.CompareOrdinal(a.Item2, b.Item2)));
    }

    private async Task<IReadOnlyList<(FoundImage Image, Disk Disk)>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<(FoundImage, Disk)>();
        using var index = await ReadAsync(Index, cancellationToken).ConfigureAwait(false);
        foreach (var stream in Members(index.RootElement, "index"))
        {
            if (Text(stream.Value, "format") != "products:1.0" || Text(stream.Value, "path") is not { } path) continue;
            using var products = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
            foreach (var product in Members(products.RootElement, "products")) found.AddRange(Describe(product.Value));
        }

        return found;
    }

    private IEnumerable<(FoundImage Image, Disk Disk)> Describe(JsonElement product)
    {
        var os = (Text(product, "os") ?? string.Empty).ToLowerInvariant();
        var architecture = Text(product, "arch") switch { "amd64" => "x86_64", "arm64" => "aarch64", "i386" => "i686", var other => other ?? "x86_64" };
        var variant = Text(product, "variant") is { } v and not "default" ? $"-{v.ToLowerInvariant()}" : string.Empty;
        var name = $"{os}{variant}{(architecture == "x86_64" ? string.Empty : $"-{architecture.Replace('_', '-')}")}";
        var release = Text(product, "version") ?? Text(product, "release");
        if (release is null || !ImageReference.IsName(name) || !ImageReference.IsVersion(release)) yield break;
        var newest = Members(product, "versions").Select(s => s.Name).DefaultIfEmpty().Max(StringComparer.Ordinal);
        foreach (var serial in Members(product, "versions"))
        {
            if (DiskOf(serial.Value, serial.Name, os) is not { } disk || !ImageReference.IsVersion(serial.Name)) continue;
            string[] names = serial.Name == newest ? [$"{release}-{serial.Name}", release, .. new[] { Text(product, "release") }.OfType<string>().Where(ImageReference.IsVersion)] : [$"{release}-{serial.Name}"];
            yield return (
                new FoundImage
                {
                    Marketplace = marketplace.Name,
                    Name = name,
                    Version = names[0],
                    Tags = [.. names.Distinct(StringComparer.Ordinal)],
                    Architecture = architecture,
                    Title = ImageReference.Printable($"{Text(product, "os")} {Text(product, "release_title") ?? release}"),
                    Creator = _base.Host,
                    StoredSize = new ByteSize(disk.Size),
                },
                disk);
        }
    }

    private Disk? DiskOf(JsonElement version, string serial, string os)
    {
        var items = Members(version, "items").Select(i => i.Value).Where(i => DiskTypes.Contains(Text(i, "ftype"))).OrderBy(i => Array.IndexOf(DiskTypes, Text(i, "ftype")));
        foreach (var item in items)
        {
            if (Text(item, "path") is not { } path || Text(item, "sha256") is not { Length: 64 } sha256 || !sha256.All(char.IsAsciiHexDigit)) continue;
            if (!item.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes <= 0) continue;
            if (AddressOf(path) is { } address) return new Disk(address, ImageChecksum.Parse(sha256), bytes, serial, os is "ubuntu" or "debian" ? os : "root");
        }

        return null;
    }

    // A path leads to somewhere below the catalogue, or nowhere.
    private Uri? AddressOf(string path) =>
        Uri.TryCreate(path, UriKind.Relative, out _) && Uri.TryCreate(_base, path, out var address) && _base.IsBaseOf(address) && !path.StartsWith('/') ? address : null;

    private async Task<JsonDocument> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var address = AddressOf(path) ?? throw NoCatalogue($"it points to '{ImageReference.Printable(path)}', which is outside of it");
        var content = await _http.ReadAsync(address, MaxList, cancellationToken).ConfigureAwait(false) ?? throw NoCatalogue($"there is no {address}");
        try
        {
            var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw NoCatalogue($"{address} holds no object");
        }
        catch (JsonException e)
        {
            throw NoCatalogue($"{address} is no JSON at line {e.LineNumber + 1}");
        }
    }

    private StratusException NoCatalogue(string why) => new(
        "MarketplaceProtocolError", StratusErrorKind.Protocol, $"'{marketplace.Uri}' is no simplestreams catalogue that can be read: {why}. A registry is written without https://, as in registry.example.org/images.") { Resource = marketplace.Name };

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var members) && members.ValueKind == JsonValueKind.Object ? members.EnumerateObject() : default;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Disk(Uri Address, ImageChecksum Checksum, long Size, string Serial, string User);
}
