using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>A host that is reached by ssh fetches a disk by itself.</summary>
[Collection("ssh host")]
public sealed class ImageFetchTests(SshHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What a server may give instead of the disk.</summary>
    public static TheoryData<string> Faults => ["missing", "denied", "short", "long", "other"];

    [RequiresFact(Need.LibvirtHost, Need.Ssh, Need.Curl)]
    public async Task The_disk_does_not_come_through_this_machine_and_keeps_its_holes()
    {
        // Data, a long hole, data, and a hole to the end.
        var disk = new byte[24 << 20];
        RandomNumberGenerator.Fill(disk.AsSpan(0, 3 << 20));
        RandomNumberGenerator.Fill(disk.AsSpan(15 << 20, 1 << 20));
        await using var server = new DiskServer(host.Host.OutsideAddress, disk) { Authorization = "Bearer a\"b\\c" };
        var image = new RemoteImage(disk, server.Url, "Bearer a\"b\\c");
        await using var provider = host.Connect();
        var progress = new Last();
        Assert.True((await provider.EnsureImageAsync(image, progress).WaitAsync(Patience)).WasSent);
        Assert.Equal((0, 1), (image.Opened, server.Served));
        Assert.Equal(new ByteSize(disk.Length), progress.Value?.Done);
        Assert.True((await provider.VerifyImageAsync(image.Descriptor.DiskDigest)).IsIntact);
        Assert.InRange((await provider.ListImagesAsync().SingleAsync(i => i.DiskDigest == image.Descriptor.DiskDigest)).Length.Bytes, 4 << 20, 8 << 20);

        Assert.False((await provider.EnsureImageAsync(image).WaitAsync(Patience)).WasSent);
        Assert.Equal(1, server.Served);
        await AssertGoneAsync(provider, image);
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh, Need.Curl, Need.MicroGuest, Need.Registry)]
    public async Task A_vm_starts_from_what_the_host_fetched_from_a_registry_with_a_password()
    {
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Password, address: host.Host.OutsideAddress);
        var micro = await MicroImage.LoadAsync();
        var password = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DockerRegistry.User}:{DockerRegistry.Password}"));
        var disk = await File.ReadAllBytesAsync(micro.Path);
        var image = new RemoteImage(disk, await PushAsync(registry, password, disk), password) { IsLocal = false, Format = DiskFormat.Qcow2, Size = ByteSize.FromMiB(128) };
        await using var provider = host.Connect();
        var request = new VmRequest
        {
            RequestId = Guid.NewGuid(),
            Name = "fetched",
            Image = image.Descriptor,
            Cpu = 1,
            Memory = ByteSize.FromMiB(128),
            Owner = "tester@test",
            Site = "test",
            CreatedAt = DateTimeOffset.UtcNow,
        };
        Assert.True((await provider.EnsureImageAsync(image).WaitAsync(Patience)).WasSent);
        var made = await provider.CreateAsync([request]).SingleAsync().AsTask().WaitAsync(Patience);
        Assert.Null(made.Error);
        Assert.Equal(0, image.Opened);
        await provider.DeleteAsync([made.Id!.Value], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
        await AssertGoneAsync(provider, image);
    }

    [RequiresTheory(Need.LibvirtHost, Need.Ssh, Need.Curl)]
    [MemberData(nameof(Faults))]
    public async Task What_it_cannot_fetch_it_is_sent(string fault)
    {
        var disk = RandomNumberGenerator.GetBytes(2 << 20);
        await using var server = new DiskServer(host.Host.OutsideAddress, disk) { Fault = fault };
        await using var provider = host.Connect();
        var image = new RemoteImage(disk, server.Url, authorization: null);
        Assert.True((await provider.EnsureImageAsync(image).WaitAsync(Patience)).WasSent);
        Assert.Equal(1, image.Opened);
        Assert.True(server.Asked > 1);
        Assert.True((await provider.VerifyImageAsync(image.Descriptor.DiskDigest)).IsIntact);
        await AssertGoneAsync(provider, image);

        // Where this machine has it not either, the error tells both reasons, and nothing is left.
        var nowhere = new RemoteImage(disk, server.Url, authorization: null) { IsLocal = false };
        var error = await Assert.ThrowsAsync<StratusException>(() => provider.EnsureImageAsync(nowhere)).WaitAsync(Patience);
        Assert.Equal("ImageContentMissing", error.ErrorId);
        Assert.Contains("fetch it by itself", error.Message, StringComparison.Ordinal);
        await AssertGoneAsync(provider, nowhere, remove: false);
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh, Need.Curl)]
    public async Task The_token_is_in_no_process_arguments_and_goes_to_no_other_host()
    {
        var disk = RandomNumberGenerator.GetBytes(2 << 20);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var port = FreePort(host.Host.OutsideAddress);
        await using var store = new DiskServer(host.Host.OutsideAddress, disk, port) { Hold = gate.Task };

        // The same machine by another name: curl tells hosts apart by what the URL says.
        await File.AppendAllTextAsync(Path.Combine(host.Host.Folder, "hosts"), $"{host.Host.OutsideAddress} elsewhere.test\n");
        await using var registry = new DiskServer(host.Host.OutsideAddress, disk)
        {
            Authorization = "Bearer secret-token",
            Redirect = new Uri($"http://elsewhere.test:{port}/blob"),
        };
        await using var provider = host.Connect();
        var image = new RemoteImage(disk, registry.Url, "Bearer secret-token");
        var placing = provider.EnsureImageAsync(image);
        await Poll.UntilAsync("the disk to be half fetched", () => store.Asked > 0 || placing.IsCompleted);
        Assert.DoesNotContain("secret-token", await host.Host.RunAsync("ps", ["-eo", "args"]), StringComparison.Ordinal);
        gate.SetResult();
        Assert.True((await placing.WaitAsync(Patience)).WasSent);
        Assert.Equal((0, 1, 1), (image.Opened, registry.Asked, store.Served));
        Assert.Null(store.Given);
        await AssertGoneAsync(provider, image);
    }

    [RequiresFact(Need.LibvirtHost, Need.Ssh, Need.Curl)]
    public async Task Who_gives_up_leaves_neither_volume_nor_curl()
    {
        var disk = RandomNumberGenerator.GetBytes(2 << 20);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new DiskServer(host.Host.OutsideAddress, disk) { Hold = gate.Task };
        await using var provider = host.Connect();
        var image = new RemoteImage(disk, server.Url, authorization: null);
        using var stop = new CancellationTokenSource();
        var placing = provider.EnsureImageAsync(image, cancellationToken: stop.Token);
        await Poll.UntilAsync("the disk to be half fetched", () => server.Asked > 0 || placing.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => placing).WaitAsync(Patience);
        await Poll.UntilAsync("the end of curl", async ct => !(await host.Host.RunAsync("ps", ["-eo", "comm"], ct)).Contains("curl", StringComparison.Ordinal));
        await AssertGoneAsync(provider, image, remove: false);
        gate.SetResult();
    }

    /// <summary>Puts a blob into a registry in one piece, and tells its URL.</summary>
    private static async Task<Uri> PushAsync(DockerRegistry registry, string authorization, byte[] blob)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { { "Authorization", authorization } } };
        using var begun = await client.PostAsync(new Uri($"http://{registry.Address}/v2/micro/blobs/uploads/"), null);
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));
        using var content = new ByteArrayContent(blob) { Headers = { { "Content-Type", "application/octet-stream" } } };
        using var put = await client.PutAsync(new Uri($"{begun.Headers.Location}&digest={Uri.EscapeDataString(digest)}"), content);
        put.EnsureSuccessStatusCode();
        return new Uri($"http://{registry.Address}/v2/micro/blobs/{digest}");
    }

    private static int FreePort(string address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task AssertGoneAsync(KvmProvider provider, RemoteImage image, bool remove = true)
    {
        if (remove) await provider.RemoveImageAsync(image.Descriptor.DiskDigest);
        Assert.DoesNotContain(image.Descriptor.DiskDigest[7..], await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }

    private sealed class Last : IProgress<TransferProgress>
    {
        public TransferProgress? Value { get; private set; }

        public void Report(TransferProgress value) => Value = value;
    }

    private sealed class RemoteImage(byte[] disk, Uri url, string? authorization) : ImageContent
    {
        private readonly string _digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(disk));

        public bool IsLocal { get; init; } = true;

        public DiskFormat Format { get; init; } = DiskFormat.Raw;

        public ByteSize? Size { get; init; }

        public int Opened { get; private set; }

        public override ImageDescriptor Descriptor => new()
        {
            Name = "remote",
            Version = "1",
            Digest = _digest,
            DiskDigest = _digest,
            DiskLength = disk.Length,
            Format = Format,
            VirtualSize = Size ?? new ByteSize(disk.Length),
        };

        public override Task<RemoteBlob?> FindOriginAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult<RemoteBlob?>(new RemoteBlob(url) { AuthorizeAsync = _ => Task.FromResult(authorization) });

        public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default)
        {
            Opened++;
            return IsLocal ? Task.FromResult<Stream>(new MemoryStream(disk, writable: false)) : throw new StratusException("ImageContentMissing", StratusErrorKind.NotFound, "It is not here.");
        }
    }

    /// <summary>A web server with one file, on an address that the host reaches.</summary>
    private sealed class DiskServer : IAsyncDisposable
    {
        private readonly byte[] _disk;
        private readonly TcpListener _listener;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public DiskServer(string address, byte[] disk, int port = 0)
        {
            _disk = disk;
            _listener = new TcpListener(IPAddress.Parse(address), port);
            _listener.Start();
            Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{((IPEndPoint)_listener.LocalEndpoint).Port}/v2/disk%20of/blobs/x?a=\"b"));
            _serving = ServeAsync();
        }

        public Uri Url { get; }

        public string? Authorization { get; init; }

        public string? Given { get; private set; }

        public string? Fault { get; init; }

        public Uri? Redirect { get; init; }

        /// <summary>The second half is given out when this is done.</summary>
        public Task Hold { get; init; } = Task.CompletedTask;

        public int Asked { get; private set; }

        public int Served { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();
                try
                {
                    await AnswerAsync(stream);
                }
                catch (IOException)
                {
                    // It hung up, as it may.
                }
            }
        }

        private async Task AnswerAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            Given = null;
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
            {
                if (line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase)) Given = line["Authorization: ".Length..];
            }

            Asked++;
            if (Authorization is not null && Given != Authorization) await HeadAsync(stream, "401 Unauthorized", 0);
            else if (Redirect is not null) await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {Redirect}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
            else if (Fault is "missing" or "denied") await HeadAsync(stream, Fault == "missing" ? "404 Not Found" : "403 Forbidden", 0);
            else await BodyAsync(stream);
        }

        private async Task BodyAsync(NetworkStream stream)
        {
            byte[] body = Fault switch { "long" => [.. _disk, 0, 0, 0], "other" => RandomNumberGenerator.GetBytes(_disk.Length), _ => _disk };
            await HeadAsync(stream, "200 OK", body.Length);
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2), _stop.Token);
            if (Fault == "short") return;
            await Hold.WaitAsync(_stop.Token);
            await stream.WriteAsync(body.AsMemory(body.Length / 2), _stop.Token);
            Served++;
        }

        private Task HeadAsync(NetworkStream stream, string status, int length) => stream.WriteAsync(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")), _stop.Token).AsTask();
    }
}
