using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk.Tests;

/// <summary>One byte flipped in the local store, while every host has a good copy of the disk.</summary>
public sealed class DamageTests : TrustTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_byte_of_the_disk_is_refused_even_with_its_time_set_back(bool setBack) => await AssertRefusedAfterAsync(
        () => FlipAsync(Image.DiskDigest, setBack), ImageReasonCode.Damaged, Image.DiskDigest[7..], "does not have the digest", "Publish or receive the image again");

    [Fact]
    public async Task A_shorter_disk_is_refused() => await AssertRefusedAfterAsync(
        () =>
        {
            using var file = new FileStream(BlobPath(Image.DiskDigest), FileMode.Open);
            file.SetLength(file.Length - 512);
            return Task.CompletedTask;
        },
        ImageReasonCode.Damaged,
        Image.DiskDigest[7..]);

    [Fact]
    public async Task A_flipped_byte_of_the_manifest_is_refused() =>
        await AssertRefusedAfterAsync(() => FlipAsync(Image.Digest), ImageReasonCode.Damaged, Image.Digest[7..], "does not have the digest");

    [Fact]
    public async Task A_flipped_byte_of_the_config_is_refused()
    {
        var layout = await OciLayout.OpenAsync(Store);
        var config = (await layout.ReadManifestAsync(OciDigest.Parse(Image.Digest))).Config.Digest;
        await AssertRefusedAfterAsync(() => FlipAsync(config.ToString()), ImageReasonCode.Damaged, config.Hex, "does not have the digest");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flipped_byte_of_a_statement_is_refused(bool manifest)
    {
        await PinAsync(Jane, "jane");
        await EndorseAsync(Jane);
        var layout = await OciLayout.OpenAsync(Store);
        var artifact = Assert.Single(await layout.ListReferrersAsync(OciDigest.Parse(Image.Digest))).Digest;
        var damaged = manifest ? artifact : Assert.Single((await layout.ReadManifestAsync(artifact)).Layers).Digest;
        await AssertRefusedAfterAsync(() => FlipAsync(damaged.ToString()), ImageReasonCode.Damaged, damaged.Hex, "does not have the digest");
    }

    [Fact]
    public async Task Publishing_again_mends_a_damaged_disk()
    {
        await AssertRefusedAfterAsync(() => FlipAsync(Image.DiskDigest), ImageReasonCode.Damaged);
        Assert.Equal(Image, await PublishAsync("tiny"));
        await AssertAllowedAsync();
    }

    [Fact]
    public async Task A_disk_whose_file_was_only_touched_is_read_once_and_launched()
    {
        await AssertAllowedAsync();
        File.SetLastWriteTimeUtc(BlobPath(Image.DiskDigest), DateTime.UtcNow.AddDays(-1));
        await AssertAllowedAsync();
        var stamp = Path.Combine(Store, ".verified", "sha256-" + Image.DiskDigest[7..]);
        var written = File.GetLastWriteTimeUtc(stamp);
        await AssertAllowedAsync();
        Assert.Equal(written, File.GetLastWriteTimeUtc(stamp));
    }

    [Fact]
    public async Task A_disk_that_only_hosts_have_is_checked_there()
    {
        await AssertAllowedAsync();
        File.Delete(BlobPath(Image.DiskDigest));
        await AssertAllowedAsync();
    }

    [Fact]
    public async Task One_damaged_image_does_not_stop_the_others_and_can_be_published_again()
    {
        var other = await PublishAsync("other");
        await FlipAsync(Image.Digest);

        Assert.True((await Trust.EvaluateAsync(await Test.Site.Images.GetAsync("other"))).IsAllowed);
        var damaged = new List<StratusException>();
        Assert.Equal([other], await Test.Site.Images.ListAsync(damaged.Add).ToListAsync());
        Assert.Equal(("ImageDamaged", "tiny:latest"), (Assert.Single(damaged).ErrorId, damaged[0].Resource));
        foreach (var reference in new[] { "tiny", "tiny:latest", Image.Digest })
            Assert.Equal("ImageDamaged", (await Assert.ThrowsAsync<StratusException>(() => Test.Site.Images.GetAsync(reference))).ErrorId);

        Use(await PublishAsync("tiny"));
        await AssertAllowedAsync();
        Assert.Equal(2, await Test.Site.Images.ListAsync().CountAsync());
    }

    private string BlobPath(string digest) => Path.Combine(Store, "blobs", "sha256", digest[7..]);

    private Task FlipAsync(string digest, bool setBack = false)
    {
        var path = BlobPath(digest);
        var time = File.GetLastWriteTimeUtc(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = file.Length / 2;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 1));
        }

        if (setBack) File.SetLastWriteTimeUtc(path, time);
        return Task.CompletedTask;
    }
}
