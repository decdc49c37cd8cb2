using StratusLab.Oci;

namespace StratusLab.Benchmarks;

/// <summary>An OCI layout that holds one image without holes, of random bytes.</summary>
internal sealed class SyntheticLayout : IDisposable
{
    public const long Length = 2L << 30;
    public const string Tag = "bench:1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stratuslab-bench-");

    public string Folder => _folder.FullName;

    /// <summary>Digest of the manifest.</summary>
    public string Digest { get; private set; } = string.Empty;

    public static async Task<SyntheticLayout> MakeAsync(CancellationToken cancel)
    {
        var made = new SyntheticLayout();
        var layout = await OciLayout.OpenAsync(made.Folder, cancel);
        var image = await SyntheticImage.MakeAsync(Length);
        await using var content = await image.OpenAsync(cancel);
        using var disk = await layout.StageAsync(content, "application/vnd.stratuslab.image.disk.v1.raw", null, cancel);
        using var json = new MemoryStream(
            System.Text.Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{disk.Descriptor.Digest}}}"]}}"""));
        using var config = await layout.StageAsync(json, "application/vnd.oci.image.config.v1+json", null, cancel);
        var manifest = new OciManifest { Config = config.Descriptor, Layers = [disk.Descriptor] };
        made.Digest = (await layout.CommitAsync(manifest, Tag, [disk, config], null, cancel)).Digest.ToString();
        return made;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
