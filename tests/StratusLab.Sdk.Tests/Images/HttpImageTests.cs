using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>Disk files of the web, and the lists of checksums beside them.</summary>
public sealed class HttpImageTests : IAsyncLifetime, IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly byte[] _disk = new Qcow2File().Bytes;
    private readonly int _port = FreePort();
    private Task _serving = Task.CompletedTask;
    private TestSite _test = null!;
    private int _cutAt = -1;

    private string Sum => Convert.ToHexStringLower(SHA256.HashData(_disk));

    public async Task InitializeAsync()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _serving = ServeAsync();
        _files["/disk.qcow2"] = _disk;
        _test = await TestSite.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        _listener.Close();
        await _serving;
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    [Fact]
    public async Task A_file_with_its_checksum_is_an_image()
    {
        var image = await PublishAsync(Sum.ToUpperInvariant());
        Assert.Equal(("web:1", DiskFormat.Qcow2, $"sha256:{Sum}"), (image.Reference, image.Format, image.DiskDigest));
        Assert.Equal(["/disk.qcow2"], _requests);
        Assert.Empty(Partial());
    }

    [Theory]
    [InlineData("{0}  disk.qcow2\n")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  other.qcow2\n{0} *disk.qcow2\n")]
    [InlineData("{0}  ./disk.qcow2\r\n")]
    [InlineData("# disk.qcow2: 233 bytes\nMD5 (disk.qcow2) = d41d8cd98f00b204e9800998ecf8427e\nSHA256 (disk.qcow2) = {0}\n")]
    [InlineData("SHA256 (other.qcow2) = 0000000000000000000000000000000000000000000000000000000000000000\nSHA256 (disk.qcow2) = {0}")]
    [InlineData("SHA512 (disk.qcow2) = {1}\n")]
    public async Task A_list_of_checksums_is_read_in_both_forms(string list)
    {
        _files["/SHA256SUMS"] = Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, list, Sum, Convert.ToHexStringLower(SHA512.HashData(_disk))));
        Assert.Equal($"sha256:{Sum}", (await PublishAsync(Url("SHA256SUMS"))).DiskDigest);
    }

    [Theory]
    [InlineData("{0}  other.qcow2\n{0}  disk.qcow2.asc\n{0}  my-disk.qcow2\n")]
    [InlineData("SHA256 (disk.qcow2.xz) = {0}\n")]
    [InlineData("MD5 (disk.qcow2) = d41d8cd98f00b204e9800998ecf8427e\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_file_that_the_list_does_not_have_is_not_fetched(string? list)
    {
        if (list is not null) _files["/SHA256SUMS"] = Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, list, Sum));
        await RefusedAsync("ChecksumNotFound", Url("SHA256SUMS"));
        Assert.Equal(["/SHA256SUMS"], _requests);
    }

    [Fact]
    public async Task A_wrong_checksum_and_a_truncated_file_are_refused_and_nothing_is_kept()
    {
        await RefusedAsync("ImageDamaged", new string('0', 64));
        _files["/disk.qcow2"] = _disk[..^1];
        await RefusedAsync("ImageDamaged", Sum);
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on_at_the_byte()
    {
        _cutAt = 70_000;
        Assert.Equal($"sha256:{Sum}", (await PublishAsync(Sum)).DiskDigest);
        Assert.Equal(["/disk.qcow2", "/disk.qcow2 bytes=70000-"], _requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/disk.qcow2", null, "ChecksumMissing", "SHA256SUMS")]
    [InlineData("http://127.0.0.1:1/disk.qcow2", " ", "ChecksumMissing", "SHA-256")]
    [InlineData("http://127.0.0.1:1/disk.qcow2", "d41d8cd98f00b204e9800998ecf8427e", "InvalidChecksum", "64")]
    [InlineData("http://127.0.0.1:1/disk.qcow2", "http://198.51.100.7/SHA256SUMS", "InvalidImageUri", "TLS")]
    [InlineData("http://198.51.100.7/disk.qcow2", "http://127.0.0.1:1/SHA256SUMS", "InvalidImageUri", "TLS")]
    [InlineData("https://me:geheim@images.example.org/disk.qcow2", "x", "InvalidImageUri", "user")]
    [InlineData("https://images.example.org/?key=geheim", "x", "InvalidImageUri", "no file")]
    [InlineData("ftp://127.0.0.1/disk.qcow2", "x", "InvalidImageUri", "https")]
    [InlineData("file:///etc/passwd", "x", "InvalidImageUri", "https")]
    public async Task What_cannot_be_used_is_refused_before_any_request(string address, string? checksum, string id, string says)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PublishAsync(checksum, address));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_disk_is_refused_by_its_address_without_what_may_be_secret()
    {
        _files["/disk.qcow2"] = "Dear maintainer,\nthis is not a disk.\n"u8.ToArray();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PublishAsync(Convert.ToHexStringLower(SHA256.HashData(_files["/disk.qcow2"])), Url("disk.qcow2?token=geheim")));
        Assert.Equal("InvalidImageFile", error.ErrorId);
        Assert.Contains(Url("disk.qcow2"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error.Message, StringComparison.Ordinal);
        Assert.Empty(Partial());
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private string Url(string file) => $"http://127.0.0.1:{_port}/{file}";

    private IEnumerable<string> Partial() => Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", ".partial"));

    private Task<StratusImage> PublishAsync(string? checksum, string? address = null) =>
        _test.Site.Images.PublishAsync(new ImagePublication { Path = address ?? Url("disk.qcow2"), Checksum = checksum, Name = "web", Version = "1" });

    private async Task RefusedAsync(string id, string checksum)
    {
        Assert.Equal(id, (await Assert.ThrowsAsync<StratusException>(() => PublishAsync(checksum))).ErrorId);
        Assert.Empty(await _test.Site.Images.ListAsync().ToListAsync());
        if (Directory.Exists(Path.Combine(_test.Site.Folder, "images", ".partial"))) Assert.Empty(Partial());
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test ends.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var range = context.Request.Headers["Range"];
        _requests.Enqueue($"{context.Request.Url!.AbsolutePath}{(range is null ? string.Empty : $" {range}")}");
        if (!_files.TryGetValue(context.Request.Url.AbsolutePath, out var content))
        {
            context.Response.StatusCode = 404;
            context.Response.Close();
            return;
        }

        var start = range is null ? 0 : int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        if (range is not null)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers["Content-Range"] = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength64 = content.Length - start;
        if (_cutAt >= 0)
        {
            await context.Response.OutputStream.WriteAsync(content.AsMemory(start, _cutAt));
            await context.Response.OutputStream.FlushAsync();
            _cutAt = -1;
            context.Response.Abort();
            return;
        }

        await context.Response.OutputStream.WriteAsync(content.AsMemory(start));
        context.Response.Close();
    }
}
