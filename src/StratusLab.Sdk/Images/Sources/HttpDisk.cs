using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A disk file of the web, and where its checksum is to be had.</summary>
internal sealed class HttpDisk
{
    private const int MaxList = 4 << 20;

    private readonly Uri _address;
    private readonly Uri? _list;
    private readonly ImageChecksum _checksum;

    private HttpDisk(Uri address, Uri? list, ImageChecksum checksum)
    {
        _address = address;
        _list = list;
        _checksum = checksum;
    }

    private string Name => Uri.UnescapeDataString(_address.Segments[^1]);

    /// <summary>Whether a path is an address of the web.</summary>
    public static bool IsAddress(string path) => path.Contains("://", StringComparison.Ordinal);

    /// <summary>The address without what may be secret in it; a path as it is.</summary>
    public static string Shown(string path) => IsAddress(path) && Uri.TryCreate(path, UriKind.Absolute, out var address) ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : path;

    /// <summary>Reads address and checksum; nothing is asked for yet.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidImageUri</c>, <c>ChecksumMissing</c>, <c>InvalidChecksum</c>.</exception>
    public static HttpDisk Parse(string address, string? checksum)
    {
        var disk = ParseAddress(address, "Uri");
        if (disk.AbsolutePath.EndsWith('/')) throw new InvalidInputException("InvalidImageUri", $"{Shown(address)} names no file. Right would be https://images.example.org/disk.qcow2.", "Uri");
        if (string.IsNullOrWhiteSpace(checksum))
            throw new InvalidInputException("ChecksumMissing", $"The checksum of {Shown(address)} is missing: nothing of the web is taken without one. Give the file's SHA-256, or the URL of a list such as {new Uri(disk, "SHA256SUMS").GetLeftPart(UriPartial.Path)}.", "Checksum");
        return IsAddress(checksum) ? new HttpDisk(disk, ParseAddress(checksum, "Checksum"), default) : new HttpDisk(disk, null, ImageChecksum.Parse(checksum));
    }

    /// <summary>Fetches the file, from where an earlier attempt ended, and checks it. The caller removes it.</summary>
    /// <exception cref="StratusException">As <see cref="HttpSource.FetchAsync"/>; <c>ChecksumNotFound</c>: there is no list, or the file is not in it.</exception>
    public async Task<string> FetchAsync(HttpSource source, string folder, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        await source.FetchAsync(_address, await ChecksumAsync(source, cancellationToken).ConfigureAwait(false), folder, progress, cancellationToken).ConfigureAwait(false);

    private static Uri ParseAddress(string text, string field)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)) throw Invalid("it is no URL");
        if (address.UserInfo.Length > 0) throw Invalid("it holds a user, which would be shown");
        if (!MarketplaceAddress.IsUrl(text)) throw Invalid("it is no https URL");
        return address.Scheme == Uri.UriSchemeHttps || address.IsLoopback ? address : throw Invalid("it does without TLS, which is for this machine's loopback only");

        InvalidInputException Invalid(string why) => new("InvalidImageUri", $"An address cannot be used: {why}. Right would be https://images.example.org/disk.qcow2.", field);
    }

    private async Task<ImageChecksum> ChecksumAsync(HttpSource source, CancellationToken cancellationToken)
    {
        if (_list is null) return _checksum;
        var shown = Shown(_list.AbsoluteUri);
        var list = await source.ReadAsync(_list, MaxList, cancellationToken).ConfigureAwait(false) ?? throw Missing($"there is no {shown}");
        return ImageChecksum.FindIn(Encoding.UTF8.GetString(list), Name) ?? throw Missing($"{shown} does not list it in the form of sha256sum or of BSD");
    }

    private StratusException Missing(string why) => new(
        "ChecksumNotFound", StratusErrorKind.NotFound, $"'{ImageReference.Printable(Name)}' was not fetched, because its checksum is not known: {why}. Give the right URL, or the checksum itself.") { Resource = Shown(_address.AbsoluteUri) };
}
