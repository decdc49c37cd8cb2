using System.Text;

namespace StratusLab.Oci.Tests;

public sealed class LayoutReferrerTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("oci-").FullName, "layout");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task Referrers_are_listed_by_subject_and_type()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var one = await AddAsync(layout, "one", "1");
        var two = await AddAsync(layout, "two", "2");
        var signature = await AddAsync(layout, null, "s", one, "x/signature");
        var note = await AddAsync(layout, null, "n", one, "x/note");
        await AddAsync(layout, null, "o", two, "x/note");

        Assert.Equal([signature.Digest, note.Digest], (await layout.ListReferrersAsync(one.Digest)).Select(r => r.Digest));
        Assert.Equal([note.Digest], (await layout.ListReferrersAsync(one.Digest, "x/note")).Select(r => r.Digest));
        Assert.Empty(await layout.ListReferrersAsync(signature.Digest));
    }

    [Fact]
    public async Task Referrers_that_other_tools_put_there_are_found_in_their_manifests()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var one = await AddAsync(layout, "one", "1");
        var note = await AddAsync(layout, null, "n", one, "x/note");
        var index = await File.ReadAllTextAsync(Path.Combine(_folder, "index.json"));
        var bare = index.Replace(",\"artifactType\":\"x/note\"", string.Empty, StringComparison.Ordinal)
            .Replace($",\"annotations\":{{\"{OciAnnotations.Subject}\":\"{one.Digest}\"}}", string.Empty, StringComparison.Ordinal);
        Assert.DoesNotContain(OciAnnotations.Subject, bare, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.json"), bare);

        var found = Assert.Single(await layout.ListReferrersAsync(one.Digest, "x/note"));

        Assert.Equal((note.Digest, "x/note"), (found.Digest, found.ArtifactType));
        Assert.True(await layout.RemoveAsync("one"));
        Assert.Empty((await layout.ReadIndexAsync()).Manifests);
        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task What_refers_to_a_manifest_goes_with_it_and_nothing_else()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var one = await AddAsync(layout, "one", "1");
        var note = await AddAsync(layout, null, "n", one, "x/note");
        await AddAsync(layout, null, "about the note", note, "x/signature");
        var stranger = await AddAsync(layout, null, "s", one with { Digest = OciDigest.Parse("sha256:" + new string('0', 64)) }, "x/note");

        await AddAsync(layout, "one", "moved");

        Assert.Equal(["one", null], (await layout.ReadIndexAsync()).Manifests.Select(m => m.Annotations?.GetValueOrDefault(OciAnnotations.RefName)).Order().Reverse());
        Assert.True(await layout.RemoveAsync(stranger.Digest));
        Assert.False(await layout.RemoveAsync(stranger.Digest));
        Assert.True(await layout.RemoveAsync("one"));
        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task A_damaged_manifest_does_not_keep_others_from_being_removed_and_nothing_that_it_may_need_goes()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        var bad = await AddAsync(layout, "bad", "shared");
        await AddAsync(layout, "good", "shared", config: "{\"a\":1}");
        await File.AppendAllTextAsync(PathOf(bad.Digest), " ");

        Assert.True(await layout.RemoveAsync("good"));

        Assert.Equal("bad", Assert.Single((await layout.ReadIndexAsync()).Manifests).Annotations![OciAnnotations.RefName]);
        Assert.True(await layout.VerifyAsync(OciContentOf("shared")));
        Assert.True(await layout.RemoveAsync("bad"));
        Assert.Empty((await layout.ReadIndexAsync()).Manifests);
    }

    [Fact]
    public async Task A_content_is_hashed_again_only_when_its_file_changed()
    {
        var layout = await OciLayout.OpenAsync(_folder);
        await AddAsync(layout, "one", "content");
        var digest = OciContentOf("content");
        Assert.True(await layout.VerifyAsync(digest));
        var stamp = Path.Combine(_folder, ".verified", $"sha256-{digest.Hex}");
        var written = File.GetLastWriteTimeUtc(stamp);
        Assert.True(await layout.VerifyAsync(digest));
        Assert.Equal(written, File.GetLastWriteTimeUtc(stamp));

        var time = File.GetLastWriteTimeUtc(PathOf(digest));
        await File.WriteAllTextAsync(PathOf(digest), "CONTENT");
        File.SetLastWriteTimeUtc(PathOf(digest), time);
        var error = await Assert.ThrowsAsync<OciException>(() => layout.VerifyAsync(digest));

        Assert.Contains(PathOf(digest), error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OciException>(() => layout.VerifyAsync(digest));
        await layout.RemoveAsync("one");
        Assert.False(await layout.VerifyAsync(digest));
        Assert.False(File.Exists(stamp));
    }

    private static OciDigest OciContentOf(string content) => OciDigest.FromSha256(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private string PathOf(OciDigest digest) => Path.Combine(_folder, "blobs", "sha256", digest.Hex);

    private IEnumerable<string> Blobs() => Directory.EnumerateFiles(Path.Combine(_folder, "blobs"), "*", SearchOption.AllDirectories);

    private static async Task<OciDescriptor> AddAsync(OciLayout layout, string? tag, string content, OciDescriptor? subject = null, string? type = null, string config = "{}")
    {
        using var blob = await layout.StageAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), "x/disk");
        using var metadata = await layout.StageAsync(new MemoryStream(Encoding.UTF8.GetBytes(config)), "x/config");
        var about = subject is null ? null : new OciDescriptor { MediaType = subject.MediaType, Digest = subject.Digest, Size = subject.Size };
        var manifest = new OciManifest { ArtifactType = type ?? "x/y", Config = metadata.Descriptor, Layers = [blob.Descriptor], Subject = about };
        return await layout.CommitAsync(new RegistryManifest(manifest), tag, [blob, metadata]);
    }
}
