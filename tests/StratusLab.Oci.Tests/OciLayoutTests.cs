using System.Security.Cryptography;
using System.Text.Json;

namespace StratusLab.Oci.Tests;

public sealed class OciLayoutTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("oci-").FullName, "layout");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task A_new_layout_has_what_the_specification_asks_for()
    {
        await OciLayout.OpenAsync(_folder);

        using var marker = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "oci-layout")));
        Assert.Equal("1.0.0", marker.RootElement.GetProperty("imageLayoutVersion").GetString());
        using var index = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "index.json")));
        Assert.Equal(2, index.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(0, index.RootElement.GetProperty("manifests").GetArrayLength());
        Assert.True(Directory.Exists(Path.Combine(_folder, "blobs", "sha256")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData((3 << 20) + 77)]
    public async Task A_content_is_stored_byte_for_byte_under_its_digest(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        if (length > 400_000) content.AsSpan(100_000, 300_000).Clear();
        var layout = await OciLayout.OpenAsync(_folder);

        var descriptor = await AddAsync(layout, "a:1", content);

        var layer = Assert.Single((await layout.ReadManifestAsync(descriptor.Digest)).Layers);
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)), layer.Digest.ToString());
        Assert.Equal(length, layer.Size);
        await using var stream = layout.OpenBlob(layer.Digest);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task A_tag_moves_and_what_nobody_points_to_any_more_goes()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var first = await AddAsync(layout, "a:1", "one"u8.ToArray());
        await AddAsync(layout, "b:1", "shared"u8.ToArray());
        await AddAsync(layout, "c:1", "shared"u8.ToArray(), config: "{\"c\":1}");
        var moved = await AddAsync(layout, "a:1", "two"u8.ToArray());

        Assert.NotEqual(first.Digest, moved.Digest);
        Assert.Equal(3, (await layout.ReadIndexAsync()).Manifests.Count);
        Assert.Throws<OciException>(() => layout.OpenBlob(first.Digest));

        Assert.True(await layout.RemoveAsync("b:1"));
        Assert.False(await layout.RemoveAsync("b:1"));
        var kept = (await layout.ReadManifestAsync((await layout.ReadIndexAsync()).Manifests[0].Digest)).Layers[0].Digest;
        await layout.OpenBlob(kept).DisposeAsync();
        await layout.RemoveAsync("a:1");
        await layout.RemoveAsync("c:1");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_is_not_committed_leaves_nothing()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        using (await layout.StageAsync(new MemoryStream([1, 2, 3]), "x/y"))
        {
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, ".staging")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_manifest_that_points_to_nothing_is_refused_and_the_index_stays()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var missing = new OciDescriptor { MediaType = "x/y", Digest = OciDigest.FromSha256(new byte[32]), Size = 1 };

        await Assert.ThrowsAsync<OciException>(() => layout.CommitAsync(new OciManifest { Config = missing, Layers = [] }, "a:1", []));

        Assert.Empty((await layout.ReadIndexAsync()).Manifests);
    }

    [Fact]
    public async Task Many_at_once_lose_nothing()
    {
        var layouts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OciLayout.OpenAsync(_folder)));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => AddAsync(layouts[i % 4], $"t:{i}", BitConverter.GetBytes(i % 10)))));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => layouts[i % 4].RemoveAsync($"t:{i}"))));

        var left = (await layouts[0].ReadIndexAsync()).Manifests;
        Assert.Equal(20, left.Count);
        foreach (var manifest in left)
            await layouts[0].OpenBlob((await layouts[0].ReadManifestAsync(manifest.Digest)).Layers[0].Digest).DisposeAsync();
    }

    [Fact]
    public async Task Entries_of_other_tools_are_kept_with_all_they_say()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var other = """{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"DIGEST","size":7,"platform":{"os":"linux"}}],"x-more":true}"""
            .Replace("DIGEST", "sha256:" + new string('a', 64), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.json"), other);

        await AddAsync(layout, "a:1", [1]);

        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "index.json"));
        Assert.Contains("\"platform\":{\"os\":\"linux\"}", text, StringComparison.Ordinal);
        Assert.Contains("\"x-more\":true", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha256:../../etc/passwd","size":1}]}""")]
    public async Task A_broken_index_is_named(string content)
    {
        var layout = await OciLayout.OpenAsync(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.json"), content);

        var error = await Assert.ThrowsAsync<OciException>(() => layout.ReadIndexAsync());

        Assert.Contains("index.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_manifest_is_noticed()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var descriptor = await AddAsync(layout, "a:1", [1]);
        await File.AppendAllTextAsync(Path.Combine(_folder, "blobs", "sha256", descriptor.Digest.Hex), " ");

        await Assert.ThrowsAsync<OciException>(() => layout.ReadManifestAsync(descriptor.Digest));
    }

    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("sha256:")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("")]
    public void What_is_no_digest_is_refused(string text) => Assert.Throws<FormatException>(() => OciDigest.Parse(text));

    private static async Task<OciDescriptor> AddAsync(OciLayout layout, string tag, byte[] content, string config = "{}")
    {
        using var blob = await layout.StageAsync(new MemoryStream(content), "x/disk");
        using var metadata = await layout.StageAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(config)), "x/config");
        var manifest = new OciManifest { ArtifactType = "x/y", Config = metadata.Descriptor, Layers = [blob.Descriptor] };
        return await layout.CommitAsync(manifest, tag, [blob, metadata]);
    }
}
