using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>Images in a folder in OCI image layout: what another site's store holds, which is one too.</summary>
public sealed class LayoutImportTests : TrustTest
{
    private TestSite _other = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _other = await TestSite.OpenAsync();
    }

    public override async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_is_taken_as_it_is_with_what_was_signed_about_it(bool compress)
    {
        Use(await PublishAsync("signed", p => p with { Version = "3", Compress = compress }));
        await EndorseAsync(Jane);

        var image = await _other.Site.Images.ImportAsync(Store, "signed:3", "mine");

        Assert.Equal(("mine:3", Image.Digest, Image.DiskDigest), (image.Reference, image.Digest, image.DiskDigest));
        await _other.AddHostsAsync(1);
        Assert.Null(Assert.Single(await _other.CreateAsync("a", null, s => s with { Image = "mine:3" })).Error);
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(_other.Site.Folder, "images", "blobs", "sha256")), f => File.ReadAllText(f).Contains(ImageMediaTypes.Endorsement, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("missing")]
    [InlineData("manifest")]
    public async Task A_folder_that_is_damaged_is_refused_and_nothing_is_kept(string damage)
    {
        var path = Path.Combine(Store, "blobs", "sha256", (damage == "manifest" ? Image.Digest : Image.DiskDigest)["sha256:".Length..]);
        var content = await File.ReadAllBytesAsync(path);
        content[^1] ^= 1;
        if (damage == "missing") File.Delete(path);
        else await File.WriteAllBytesAsync(path, damage == "truncated" ? content[..^1] : content);

        var error = await Assert.ThrowsAsync<StratusException>(() => _other.Site.Images.ImportAsync(Store, Image.Reference, "mine"));

        Assert.Equal("ImageDamaged", error.ErrorId);
        Assert.Empty(await _other.Site.Images.ListAsync().ToListAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_other.Site.Folder, "images", "blobs", "sha256")));
    }

    [Fact]
    public async Task What_is_not_clear_or_not_there_is_refused()
    {
        await PublishAsync("second");
        Assert.Equal("AmbiguousImage", (await RefusedAsync(Store, null)).ErrorId);
        Assert.Equal("NotAnImage", (await RefusedAsync(Store, "nosuch:1")).ErrorId);
        Assert.Equal("InvalidImageLayout", (await RefusedAsync(Test.Site.Folder, null)).ErrorId);
        Assert.False(File.Exists(Path.Combine(Test.Site.Folder, "oci-layout")));
        Assert.Equal("InvalidImageName", (await RefusedAsync(Store, "second:latest", "../up")).ErrorId);
    }

    private Task<InvalidInputException> RefusedAsync(string folder, string? tag, string name = "mine") =>
        Assert.ThrowsAsync<InvalidInputException>(() => _other.Site.Images.ImportAsync(folder, tag, name));
}
