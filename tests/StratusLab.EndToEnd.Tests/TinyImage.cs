using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Sdk;

namespace StratusLab.EndToEnd.Tests;

/// <summary>An image of a mebibyte that boots nothing, for VMs that are only counted.</summary>
internal static class TinyImage
{
    public const string Name = "tiny";

    /// <summary>Publishes it to a site, and puts it into an account as if it had been placed there.</summary>
    public static async Task PublishAsync(string folder, EmulatedCloud cloud)
    {
        await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = folder, Providers = [] });
        var disk = new byte[1 << 20];
        new Random(1).NextBytes(disk.AsSpan(512));
        (disk[0], disk[510], disk[511]) = (0xEB, 0x55, 0xAA);
        var path = Path.Combine(folder, "tiny.raw");
        await File.WriteAllBytesAsync(path, disk);
        var image = await site.Images.PublishAsync(new ImagePublication { Path = path, Name = Name, DefaultUser = "root" });
        lock (cloud.Gate)
        {
            cloud.Images.Add(new EmulatedImage
            {
                Id = cloud.NewId("ami"), Name = Name, OwnerId = cloud.Options.AccountId, SnapshotId = cloud.Snapshots[0].Id, SizeGiB = 1, CreatedAt = cloud.Now,
                Tags = new(StringComparer.Ordinal) { ["stratuslab:image-digest"] = image.Digest },
            });
        }
    }

    /// <summary>What another machine of a shared site has: the image, and nothing of the catalogue or the sessions of this one.</summary>
    /// <returns>The new folder.</returns>
    public static string CopyFolder(string folder, string to)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, "images"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(folder, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        return to;
    }
}
