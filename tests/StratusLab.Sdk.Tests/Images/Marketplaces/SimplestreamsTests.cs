using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>A catalogue in the form in which Ubuntu and LXD publish theirs, served over HTTP.</summary>
public sealed class SimplestreamsTests : IAsyncLifetime, IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _ranges = new();
    private readonly byte[] _disk = new Qcow2File().Bytes;
    private readonly int _port = FreePort();
    private Task _serving = Task.CompletedTask;
    private TestSite _test = null!;
    private int _cutAt = -1;

    public async Task InitializeAsync()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _serving = ServeAsync();
        _files["/c/streams/v1/index.json"] = """{"format":"index:1.0","index":{"images":{"format":"products:1.0","path":"streams/v1/images.json"}}}"""u8.ToArray();
        _files["/c/images/disk.img"] = _disk;
        Products(Convert.ToHexStringLower(SHA256.HashData(_disk)));
        _test = await TestSite.OpenAsync();
        await _test.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "ubuntu", Kind = MarketplaceKind.Simplestreams, Uri = $"http://127.0.0.1:{_port}/c" });
    }

    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        _listener.Close();
        await _serving;
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    [Fact]
    public async Task Its_images_are_found_and_received()
    {
        var found = Assert.Single(await _test.Site.Marketplaces.FindAsync(new ImageQuery { Marketplaces = ["ubuntu"] }).ToListAsync());
        Assert.Equal(("ubuntu/ubuntu:22.04-20260101", "x86_64", _disk.Length), (found.Reference, found.Architecture, (int)found.StoredSize.Bytes));
        Assert.Equal(["22.04-20260101", "22.04", "jammy"], found.Tags);

        var image = await _test.Site.Marketplaces.ReceiveAsync("ubuntu/ubuntu:jammy");

        Assert.Equal(("ubuntu:22.04-20260101", "ubuntu", DiskFormat.Qcow2), (image.Reference, image.DefaultUser, image.Format));
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(_disk))}", image.DiskDigest);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", ".partial")));
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on_at_the_byte()
    {
        _cutAt = 70_000;
        Assert.Equal("ubuntu:22.04-20260101", (await _test.Site.Marketplaces.ReceiveAsync("ubuntu/ubuntu:22.04")).Reference);
        Assert.StartsWith("bytes=", Assert.Single(_ranges), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_not_what_the_catalogue_says_is_not_kept()
    {
        Products(new string('0', 64));
        var error = await Assert.ThrowsAsync<StratusException>(() => _test.Site.Marketplaces.ReceiveAsync("ubuntu/ubuntu:22.04"));
        Assert.Equal("ImageDamaged", error.ErrorId);
        Assert.Empty(await _test.Site.Images.ListAsync().ToListAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", ".partial")));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("http://198.51.100.7/disk.img")]
    [InlineData("//198.51.100.7/disk.img")]
    public async Task A_path_that_leads_elsewhere_is_passed_over(string path)
    {
        Products(Convert.ToHexStringLower(SHA256.HashData(_disk)), path);
        Assert.Empty(await _test.Site.Marketplaces.FindAsync(new ImageQuery()).ToListAsync());
    }

    [Fact]
    public async Task What_is_no_catalogue_is_not_registered_and_nothing_is_published_to_one()
    {
        _files["/d/streams/v1/index.json"] = "<html>"u8.ToArray();
        var error = await Assert.ThrowsAsync<StratusException>(() => _test.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "other", Kind = MarketplaceKind.Simplestreams, Uri = $"http://127.0.0.1:{_port}/d" }));
        Assert.Equal("MarketplaceProtocolError", error.ErrorId);
        var image = await _test.PublishAsync();
        Assert.Equal("MarketplaceReadOnly", (await Assert.ThrowsAsync<StratusException>(() => _test.Site.Marketplaces.PublishAsync(image.Reference, "ubuntu"))).ErrorId);
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Products(string sha256, string path = "images/disk.img") => _files["/c/streams/v1/images.json"] = Encoding.UTF8.GetBytes(
        $$$$$$$"""
        {"format":"products:1.0","products":{"com.ubuntu.cloud:server:22.04:amd64":{"arch":"amd64","os":"ubuntu","release":"jammy","release_title":"22.04 LTS","version":"22.04",
         "versions":{"20260101":{"items":{
          "disk1.img":{"ftype":"disk1.img","path":"{{{{{{{path}}}}}}}","sha256":"{{{{{{{sha256}}}}}}}","size":{{{{{{{_disk.Length}}}}}}}},
          "root.tar.xz":{"ftype":"root.tar.xz","path":"images/root.tar.xz","sha256":"{{{{{{{sha256}}}}}}}","size":10}
         }}}}}}
        """);

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
        if (!_files.TryGetValue(context.Request.Url!.AbsolutePath, out var content))
        {
            context.Response.StatusCode = 404;
            context.Response.Close();
            return;
        }

        var start = 0;
        if (context.Request.Headers["Range"] is { } range)
        {
            _ranges.Enqueue(range);
            start = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers["Content-Range"] = $"bytes {start}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength64 = content.Length - start;
        if (_cutAt >= 0 && content == _disk)
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
