using System.Net;
using System.Text;
using System.Text.Json;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Oci.Tests;

[Collection("registry")]
public sealed class RegistryFaultTests(OpenRegistry fixture) : RegistryTest(fixture)
{
    private const int Length = 3 << 20;

    [RequiresTheory(Need.Registry)]
    [InlineData("429 Too Many Requests\r\nRetry-After: 0", RegistryErrorKind.RateLimited, 429)]
    [InlineData("500 Internal Server Error", RegistryErrorKind.ServerError, 500)]
    [InlineData("503 Service Unavailable", RegistryErrorKind.ServerError, 503)]
    public async Task A_passing_refusal_is_outlived_and_a_lasting_one_named(string answer, RegistryErrorKind kind, int status)
    {
        var image = await PublishedAsync(seed: 70_000 + status);
        var refused = 0;
        Proxy.OnRequest = _ => Interlocked.Increment(ref refused) % 3 != 0 ? Answer(answer) : null;
        await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);

        refused = 0;
        Proxy.OnRequest = _ =>
        {
            Interlocked.Increment(ref refused);
            return Answer(answer);
        };
        var error = await Assert.ThrowsAsync<RegistryException>(() => Client.HasBlobAsync(Repository, image.Digest));

        Assert.Equal(kind, error.Kind);
        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.True(error.IsTransient);
        Assert.Equal(Artifact.Quick.MaxAttempts, refused);
        Assert.Contains(Proxy.Address, error.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_gateway_that_lets_only_so_much_through_gets_smaller_pieces()
    {
        const long Limit = 3 << 20;
        var image = await Artifact.AddAsync(Here, 20 << 20, seed: 70_500);
        Use(Artifact.Quick with { ChunkSize = 8 << 20 });
        Proxy.OnRequest = r => r.Method == "PATCH" && LengthOf(r) > Limit ? Answer("413 Request Entity Too Large") : null;

        await PushAsync(image);

        Proxy.OnRequest = null;
        await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);
        Assert.Contains(Proxy.Requests, r => r.Method == "PATCH" && LengthOf(r) is > 1 << 20 and <= Limit);

        static long LengthOf(ProxiedRequest request) => long.Parse(request.Headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture);
    }

    [RequiresFact(Need.Registry)]
    public async Task The_time_that_a_registry_asks_for_is_waited()
    {
        var image = await PublishedAsync(seed: 71_000);
        var refused = 0;
        Proxy.OnRequest = _ => Interlocked.Increment(ref refused) == 1 ? Answer("429 Too Many Requests\r\nRetry-After: 1") : null;
        var started = TimeProvider.System.GetTimestamp();

        await Client.GetManifestAsync(Repository, image.Digest.ToString());

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(1));
    }

    [RequiresFact(Need.Registry)]
    public async Task A_registry_that_asks_for_an_hour_is_not_waited_for()
    {
        Proxy.OnRequest = _ => Answer("429 Too Many Requests\r\nRetry-After: 3600");

        var error = await Assert.ThrowsAsync<RegistryException>(() => Client.ResolveAsync(Repository, "1"));

        Assert.Equal(TimeSpan.FromHours(1), error.RetryAfter);
        Assert.Single(Proxy.Requests, r => r.Target != "/v2/");
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_transfer_that_stands_still_is_begun_again_where_it_stood(int at)
    {
        var image = await PublishedAsync(seed: 72_000 + at);
        Use(Artifact.Quick with { ProgressTimeout = TimeSpan.FromMilliseconds(500) });
        var stalled = 0;
        Proxy.OnRequest = r => r.ReadsBlob && Interlocked.Increment(ref stalled) == 1 ? new() { StallResponseAt = at } : null;

        await PullAsync(image);

        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_registry_that_always_stands_still_is_named()
    {
        var image = await PublishedAsync(seed: 72_500);
        Use(Artifact.Quick with { ProgressTimeout = TimeSpan.FromMilliseconds(200), MaxAttempts = 2 });
        Proxy.OnRequest = r => r.ReadsBlob ? new() { StallResponseAt = 0 } : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));

        Assert.Equal(RegistryErrorKind.Stalled, error.Kind);
        Assert.Contains("0.2 s", error.Message, StringComparison.Ordinal);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(0)]
    [InlineData(Length / 2)]
    [InlineData(Length - 1)]
    public async Task A_flipped_byte_is_found_and_nothing_of_it_kept(int at)
    {
        var image = await PublishedAsync(seed: 73_000 + at);
        var layer = await Artifact.LayerOfAsync(Here, image.Digest);
        Proxy.OnRequest = r => IsFor(r, layer) ? new() { FlipResponseAt = at } : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));

        Assert.Equal(RegistryErrorKind.WrongDigest, error.Kind);
        Assert.False(error.IsTransient);
        Assert.Empty((await There.ReadIndexAsync()).Manifests);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(There.Folder, "blobs"), "*", SearchOption.AllDirectories));

        Proxy.OnRequest = null;
        await PullAsync(image);
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1L << 40)]
    public async Task A_content_of_another_length_is_refused(long difference)
    {
        var image = await PublishedAsync(seed: 74_000 + (int)(difference % 1000));
        var layer = await Artifact.LayerOfAsync(Here, image.Digest);
        Proxy.OnRequest = r => IsFor(r, layer)
            ? new() { ChangeHead = head => head.Replace($"Content-Length: {layer.Size}", $"Content-Length: {layer.Size + difference}", StringComparison.Ordinal) }
            : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));

        Assert.Equal(RegistryErrorKind.WrongLength, error.Kind);
        Assert.Contains($"{layer.Size + difference}", error.Message, StringComparison.Ordinal);
        Assert.Empty((await There.ReadIndexAsync()).Manifests);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_layer_that_claims_to_be_small_and_is_not_is_refused()
    {
        var image = await PublishedAsync(seed: 75_000);
        var manifest = await Here.ReadManifestAsync(image.Digest);
        var liar = manifest with { Layers = [manifest.Layers[0] with { Size = 1000 }] };
        var json = JsonSerializer.SerializeToUtf8Bytes(liar, Artifact.Json);
        Proxy.OnRequest = r => r.Target.Contains("/manifests/", StringComparison.Ordinal)
            ? Answer($"200 OK\r\nContent-Type: {OciMediaTypes.Manifest}\r\nContent-Length: {json.Length}", Encoding.UTF8.GetString(json))
            : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => new RegistryTransfer(Client, There).PullAsync(Repository, "1"));

        Assert.Equal(RegistryErrorKind.WrongLength, error.Kind);
        Assert.Empty((await There.ReadIndexAsync()).Manifests);
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(There.Folder, ".partial")).Sum(f => new FileInfo(f).Length), 0, 2000);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_manifest_that_is_another_than_was_asked_for_is_refused()
    {
        var image = await PublishedAsync(seed: 76_000);
        Proxy.OnRequest = r => r.Target.Contains("/manifests/", StringComparison.Ordinal) ? new() { FlipResponseAt = 20 } : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));

        Assert.Equal(RegistryErrorKind.WrongDigest, error.Kind);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_manifest_without_end_is_not_read(bool saysLength)
    {
        var body = new string(' ', RegistryManifest.MaxLength + 1);
        Proxy.OnRequest = r => r.Target == "/v2/" ? null : Answer($"200 OK\r\nContent-Type: {OciMediaTypes.Manifest}{(saysLength ? $"\r\nContent-Length: {body.Length}" : "")}", body);

        var error = await Assert.ThrowsAsync<RegistryException>(() => Client.GetManifestAsync(Repository, "1"));

        Assert.Equal(RegistryErrorKind.Protocol, error.Kind);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"x/y","digest":"sha256:../../../etc/passwd","size":1},"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"x/y","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":-1},"layers":[]}""")]
    public async Task A_manifest_that_is_none_is_named(string json)
    {
        Proxy.OnRequest = r => r.Target == "/v2/" ? null : Answer($"200 OK\r\nContent-Type: {OciMediaTypes.Manifest}\r\nContent-Length: {json.Length}", json);

        var error = await Assert.ThrowsAsync<OciException>(() => new RegistryTransfer(Client, There).PullAsync(Repository, "1"));

        Assert.Contains("sha256:", error.Message, StringComparison.Ordinal);
        Assert.Empty((await There.ReadIndexAsync()).Manifests);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_flipped_byte_in_the_local_store_does_not_reach_the_registry()
    {
        var image = await Artifact.AddAsync(Here, Length, seed: 77_000);
        var layer = await Artifact.LayerOfAsync(Here, image.Digest);
        using (var file = File.OpenHandle(Path.Combine(Here.Folder, "blobs", "sha256", layer.Digest.Hex), FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.Write(file, [1, 2, 3], Length / 2);

        var error = await Assert.ThrowsAsync<RegistryException>(() => PushAsync(image, "1"));

        Assert.Equal(RegistryErrorKind.WrongDigest, error.Kind);
        Assert.Equal("DIGEST_INVALID", error.Code);
        Assert.Null(await Client.ResolveAsync(Repository, "1"));
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_followed_to_another_host_without_credentials(int status)
    {
        var image = await PublishedAsync(seed: 78_000 + status);
        await using var elsewhere = new RegistryProxy(Fixture.Registry.Port);
        Use(Artifact.Quick with { Credentials = new Known(RegistryCredential.FromPassword("u", "secret")) });
        Proxy.OnRequest = r => r switch
        {
            { HasCredentials: false } when r.Target != "/v2/" => Answer("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\""),
            { ReadsBlob: true } => Answer($"{status} Elsewhere\r\nLocation: http://{elsewhere.Address}{r.Target}"),
            _ => null,
        };

        await PullAsync(image);

        await Artifact.VerifyAsync(There, image.Digest);
        Assert.Contains(Proxy.Requests, r => r.HasCredentials);
        Assert.NotEmpty(elsewhere.Requests);
        Assert.All(elsewhere.Requests, r => Assert.False(r.HasCredentials));
    }

    [RequiresFact(Need.Registry)]
    public async Task A_redirect_to_a_host_without_tls_that_is_not_this_one_is_refused()
    {
        var image = await PublishedAsync(seed: 79_000);
        Proxy.OnRequest = r => r.ReadsBlob ? Answer("307 Elsewhere\r\nLocation: http://registry.example.org/blob") : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));

        Assert.Equal(RegistryErrorKind.Protocol, error.Kind);
        Assert.Contains("registry.example.org", error.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_redirect_in_a_circle_ends()
    {
        var image = await PublishedAsync(seed: 79_500);
        Proxy.OnRequest = r => r.ReadsBlob ? Answer($"307 Again\r\nLocation: {r.Target}") : null;

        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));

        Assert.Equal(RegistryErrorKind.Protocol, error.Kind);
    }

    [RequiresFact(Need.Registry)]
    public async Task Cancelling_ends_at_once_and_what_came_is_kept()
    {
        var image = await PublishedAsync(seed: 80_000);
        Proxy.OnRequest = r => r.ReadsBlob ? new() { StallResponseAt = Length / 2 } : null;
        using var cancel = new CancellationTokenSource();
        var pulling = new RegistryTransfer(Client, There).PullAsync(Repository, image.Digest.ToString(), cancellationToken: cancel.Token);
        await Rig.Poll.UntilAsync("half of it to come", () => Proxy.BytesReceived >= Length / 2);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling).WaitAsync(TimeSpan.FromSeconds(10));

        Proxy.OnRequest = null;
        await PullAsync(image);
        Assert.InRange(Proxy.BytesReceived, Length, Length + 200_000);
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no spaces allowed")]
    [InlineData("host/path")]
    [InlineData("host:port")]
    public void What_is_no_registry_is_refused(string name) => Assert.Throws<ArgumentException>(() => new RegistryClient(name));

    [Theory]
    [InlineData("../escape", "1")]
    [InlineData("Upper/case", "1")]
    [InlineData("a//b", "1")]
    [InlineData("a/b", "../../x")]
    [InlineData("a/b", "-x")]
    [InlineData("a/b", "sha256:short")]
    public async Task Names_that_would_lead_elsewhere_are_refused(string repository, string reference)
    {
        using var client = new RegistryClient("registry.example.org", Artifact.Quick);
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetManifestAsync(repository, reference));
    }

    private static bool IsFor(ProxiedRequest request, OciDescriptor blob) => request.ReadsBlob && request.Target.EndsWith(blob.Digest.ToString(), StringComparison.Ordinal);

    private static RegistryFault Answer(string head, string body = "") =>
        new() { Answer = $"{head}{(head.Contains("200 OK", StringComparison.Ordinal) ? "" : "\r\nContent-Length: 0")}\r\nConnection: close\r\n\r\n{body}" };

    private async Task<OciDescriptor> PublishedAsync(int seed)
    {
        var image = await Artifact.AddAsync(Here, Length, seed);
        await PushAsync(image, "1");
        Proxy.Reset();
        return image;
    }
}
