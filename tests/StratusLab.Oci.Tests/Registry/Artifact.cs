using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Oci.Tests;

/// <summary>An artifact as images are: a small config and a layer of random bytes.</summary>
internal static class Artifact
{
    public const string Disk = "application/vnd.stratuslab.image.disk.v1.qcow2";

    public static readonly RegistryOptions Quick = new() { Credentials = new CredentialFiles([]), RetryDelay = TimeSpan.FromMilliseconds(10), ProgressTimeout = TimeSpan.FromSeconds(20) };

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Makes one and returns its manifest's descriptor. The seed makes it unlike others.</summary>
    public static async Task<OciDescriptor> AddAsync(OciLayout layout, int length, int seed, string tag = "disk:1")
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        using var disk = await layout.StageAsync(new MemoryStream(content), Disk);
        using var config = await layout.StageAsync(new MemoryStream(Encoding.UTF8.GetBytes($"{{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[\"{disk.Descriptor.Digest}\"]}},\"seed\":{seed}}}")), "application/vnd.oci.image.config.v1+json");
        var manifest = new OciManifest { ArtifactType = "application/vnd.stratuslab.image.v1", Config = config.Descriptor, Layers = [disk.Descriptor] };
        return await layout.CommitAsync(manifest, tag, [disk, config]);
    }

    public static async Task<OciDescriptor> LayerOfAsync(OciLayout layout, OciDigest manifest) => (await layout.ReadManifestAsync(manifest)).Layers[0];

    /// <summary>Reads every content of an artifact and compares it with its digest.</summary>
    public static async Task VerifyAsync(OciLayout layout, OciDigest manifest)
    {
        var image = await layout.ReadManifestAsync(manifest);
        foreach (var part in image.Layers.Append(image.Config))
        {
            await using var stream = layout.OpenBlob(part.Digest);
            Assert.Equal(part.Digest.Hex, Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream)));
            Assert.Equal(part.Size, stream.Length);
        }
    }
}
