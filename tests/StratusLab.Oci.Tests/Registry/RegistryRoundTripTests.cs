using System.Text.Json;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Oci.Tests;

[Collection("registry")]
public sealed class RegistryRoundTripTests(OpenRegistry fixture) : RegistryTest(fixture)
{
    [RequiresTheory(Need.Registry)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData((33 << 20) + 7)]
    public async Task What_was_pushed_comes_back_the_same(int length)
    {
        var pushed = await Artifact.AddAsync(Here, length, seed: length);

        await PushAsync(pushed, "1");
        var resolved = await Client.ResolveAsync(Repository, "1");
        var pulled = await new RegistryTransfer(Client, There).PullAsync(Repository, "1", "local:1");

        Assert.Equal(pushed.Digest, resolved!.Digest);
        Assert.Equal(pushed.Digest, pulled.Digest);
        await Artifact.VerifyAsync(There, pulled.Digest);
        Assert.Equal("local:1", (await There.ReadIndexAsync()).Manifests[0].Annotations![OciAnnotations.RefName]);
    }

    [RequiresFact(Need.Registry)]
    public async Task What_is_there_is_not_sent_again()
    {
        var image = await Artifact.AddAsync(Here, 3 << 20, seed: 1001);
        await PushAsync(image, "1");
        await PullAsync(image);
        Proxy.Reset();

        await PushAsync(image, "2");
        await PullAsync(image);

        Assert.Equal(0, Proxy.BytesSent);
        Assert.Equal(0, Proxy.BytesReceived);
    }

    [RequiresFact(Need.Registry)]
    public async Task Another_repository_lends_its_contents()
    {
        var image = await Artifact.AddAsync(Here, 3 << 20, seed: 1002);
        await PushAsync(image, "1");
        Proxy.Reset();

        var other = Fixture.NewRepository();
        await new RegistryTransfer(Client, Here).PushAsync(image.Digest, other, "1", mountFrom: Repository);
        await new RegistryTransfer(Client, There).PullAsync(other, "1");

        Assert.Equal(0, Proxy.BytesSent);
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresFact(Need.Registry, Need.Skopeo)]
    public async Task Skopeo_sees_and_copies_what_was_pushed()
    {
        var image = await Artifact.AddAsync(Here, 5 << 20, seed: 1003);
        await PushAsync(image, "1");
        var reference = $"docker://{Fixture.Registry.Address}/{Repository}:1";

        var digest = await Command.RunAsync("skopeo", ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", reference]);
        await Command.RunAsync("skopeo", ["copy", "-q", "--src-tls-verify=false", reference, $"dir:{Folder}/dir"]);
        await Command.RunAsync("skopeo", ["copy", "-q", "--src-tls-verify=false", reference, $"oci:{Folder}/copy:x"]);

        Assert.Equal(image.Digest.ToString(), digest.Trim());
        Assert.Equal(await Here.ReadBlobAsync(image.Digest), await File.ReadAllBytesAsync($"{Folder}/dir/manifest.json"));
        await Artifact.VerifyAsync(await OciLayout.OpenAsync($"{Folder}/copy"), image.Digest);
    }

    [RequiresFact(Need.Registry, Need.Skopeo)]
    public async Task What_skopeo_copied_into_a_registry_is_pulled()
    {
        var image = await Artifact.AddAsync(Here, 5 << 20, seed: 1004);

        await Command.RunAsync("skopeo", ["copy", "-q", "--dest-tls-verify=false", $"oci:{Here.Folder}:disk:1", $"docker://{Fixture.Registry.Address}/{Repository}:from-skopeo"]);
        var pulled = await new RegistryTransfer(Client, There).PullAsync(Repository, "from-skopeo");

        Assert.Equal(image.Digest, pulled.Digest);
        await Artifact.VerifyAsync(There, pulled.Digest);
    }

    [RequiresFact(Need.Registry)]
    public async Task Tags_are_listed_over_all_pages()
    {
        var image = await Artifact.AddAsync(Here, 10, seed: 1005);
        string[] tags = ["a", "b", "c"];
        foreach (var tag in tags) await PushAsync(image, tag);

        Assert.Equal(tags, (await Client.ListTagsAsync(Repository).ToListAsync()).Order());
        Assert.Empty(await Client.ListTagsAsync("images/nobody-has-this").ToListAsync());
    }

    // docker-registry 2.8 gives all tags on one page.
    [RequiresFact(Need.Registry)]
    public async Task Tags_are_listed_page_by_page()
    {
        Proxy.OnRequest = request => request.Target switch
        {
            "/v2/" => null,
            var target when target.EndsWith("last=b", StringComparison.Ordinal) => Page("""{"name":"x","tags":["c"]}"""),
            _ => Page("""{"name":"x","tags":["a","b","../not-a-tag"]}""", $"</v2/{Repository}/tags/list?n=2&last=b>; rel=\"next\""),
        };
        Assert.Equal(["a", "b", "c"], await Client.ListTagsAsync(Repository).ToListAsync());

        Proxy.OnRequest = request => request.Target == "/v2/" ? null : Page("""{"tags":["a"]}""", $"<{request.Target}>; rel=\"next\"");
        var error = await Assert.ThrowsAsync<RegistryException>(async () => await Client.ListTagsAsync(Repository).ToListAsync());
        Assert.Equal(RegistryErrorKind.Protocol, error.Kind);

        static Rig.Registries.RegistryFault Page(string json, string? link = null) =>
            new() { Answer = $"200 OK\r\n{(link is null ? "" : $"Link: {link}\r\n")}Content-Length: {json.Length}\r\nConnection: close\r\n\r\n{json}" };
    }

    [RequiresFact(Need.Registry)]
    public async Task Referrers_are_kept_under_their_tag_where_the_registry_has_no_list_of_them()
    {
        var image = await Artifact.AddAsync(Here, 10, seed: 1006);
        await PushAsync(image, "1");
        var referrers = Enumerable.Range(0, 5).Select(i => Referrer(image, i % 2 == 0 ? "x/even" : "x/odd", i)).ToList();
        var empty = await Artifact.AddAsync(Here, 2, seed: 1007, tag: "parts:1");
        await PushAsync(empty);

        await Task.WhenAll(referrers.Select(async r =>
        {
            var parts = (await Here.ReadManifestAsync(empty.Digest)) with { Subject = image, ArtifactType = r.Type, Annotations = r.Said };
            await Client.PutReferrerAsync(Repository, new RegistryManifest(OciMediaTypes.Manifest, JsonSerializer.SerializeToUtf8Bytes(parts, Artifact.Json)));
        }));

        var all = await Client.ListReferrersAsync(Repository, image.Digest).ToListAsync();
        var odd = await Client.ListReferrersAsync(Repository, image.Digest, "x/odd").ToListAsync();
        Assert.Equal(["0", "1", "2", "3", "4"], all.Select(r => r.Annotations!["n"]).Order());
        Assert.Equal(["1", "3"], odd.Select(r => r.Annotations!["n"]).Order());
        Assert.All(odd, r => Assert.Equal("x/odd", r.ArtifactType));

        static (string Type, Dictionary<string, string> Said) Referrer(OciDescriptor of, string type, int number) => (type, new() { ["n"] = $"{number}" });
    }

    [RequiresFact(Need.Registry)]
    public async Task A_registry_with_a_list_of_referrers_is_believed()
    {
        var subject = OciDigest.FromSha256(new byte[32]);
        var listed = OciDigest.FromSha256([.. Enumerable.Repeat((byte)7, 32)]);
        var json = $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{OciMediaTypes.Manifest}}","digest":"{{listed}}","size":3,"artifactType":"x/y"},{"mediaType":"{{OciMediaTypes.Manifest}}","digest":"{{subject}}","size":3,"artifactType":"x/z"}]}""";
        Proxy.OnRequest = request => request.Target.Contains("/referrers/", StringComparison.Ordinal)
            ? new() { Answer = $"200 OK\r\nContent-Type: {OciMediaTypes.Index}\r\nContent-Length: {json.Length}\r\n\r\n{json}" }
            : null;

        var referrer = Assert.Single(await Client.ListReferrersAsync(Repository, subject, "x/y").ToListAsync());

        Assert.Equal(listed, referrer.Digest);
    }

    [RequiresFact(Need.Registry)]
    public async Task Progress_tells_bytes_rate_and_end()
    {
        var image = await Artifact.AddAsync(Here, 8 << 20, seed: 1008);
        var told = new List<RegistryProgress>();

        await new RegistryTransfer(Client, Here).PushAsync(image.Digest, Repository, progress: new Told(told));
        var pushed = told[^1];
        told.Clear();
        await new RegistryTransfer(Client, There).PullAsync(Repository, image.Digest.ToString(), progress: new Told(told));

        Assert.Equal(pushed.Total, pushed.Done);
        Assert.True(pushed.Total > 8 << 20);
        Assert.True(pushed.BytesPerSecond > 0);
        Assert.Equal(told[^1].Total, told[^1].Done);
        Assert.Equal(TimeSpan.Zero, told[^1].TimeLeft);
    }

    [RequiresFact(Need.Registry)]
    public async Task Many_who_push_and_pull_the_same_at_once_send_it_once()
    {
        var image = await Artifact.AddAsync(Here, 6 << 20, seed: 1009);
        var layer = await Artifact.LayerOfAsync(Here, image.Digest);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PushAsync(image, "1")));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PullAsync(image)));

        Assert.InRange(Proxy.BytesSent, layer.Size, layer.Size + (64 << 10));
        Assert.InRange(Proxy.BytesReceived, layer.Size, layer.Size + (64 << 10));
        await Artifact.VerifyAsync(There, image.Digest);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_deleted_manifest_is_gone()
    {
        var image = await Artifact.AddAsync(Here, 10, seed: 1010);
        await PushAsync(image, "1");

        Assert.True(await Client.DeleteManifestAsync(Repository, image.Digest.ToString()));
        Assert.False(await Client.DeleteManifestAsync(Repository, image.Digest.ToString()));

        Assert.Null(await Client.ResolveAsync(Repository, image.Digest.ToString()));
        var error = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(image));
        Assert.Equal(RegistryErrorKind.NotFound, error.Kind);
        Assert.Equal("MANIFEST_UNKNOWN", error.Code);
    }

    private sealed class Told(List<RegistryProgress> list) : IProgress<RegistryProgress>
    {
        public void Report(RegistryProgress value)
        {
            lock (list) list.Add(value);
        }
    }
}
