using System.Security.Cryptography;
using System.Text;

namespace StratusLab.Rig.Guests;

/// <summary>The guest images of <c>tests/guests</c>, built once per recipe and kept in the user's cache folder.</summary>
public static class GuestImages
{
    /// <summary>The micro guest: boots in seconds, with BIOS or UEFI, 128 MB, user root. See <c>tests/guests/micro.sh</c>.</summary>
    /// <returns>The path of a qcow2 that nobody may change.</returns>
    public static Task<string> MicroAsync(CancellationToken cancel = default) => BuildAsync("micro", "micro", [], cancel);

    /// <summary>Debian 12 with real cloud-init: about two minutes to boot, with BIOS, user debian. See <c>tests/guests/debian.sh</c>.</summary>
    /// <inheritdoc cref="MicroAsync"/>
    public static Task<string> DebianAsync(CancellationToken cancel = default) => BuildAsync("debian", "debian", [], cancel);

    /// <summary>The Debian guest with what a node of Slurm has: slurmd and munge, of this machine's own release, and what keeps its clock.</summary>
    /// <inheritdoc cref="MicroAsync"/>
    public static Task<string> SlurmNodeAsync(CancellationToken cancel = default) =>
        BuildAsync("slurm-node", "debian", ["slurmd", "slurm-client", "munge", "systemd-timesyncd"], cancel);

    private static async Task<string> BuildAsync(string name, string recipe, string[] packages, CancellationToken cancel)
    {
        var recipes = Path.Combine(Repository.Root, "tests", "guests");
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "stratuslab", "guests", await HashAsync(recipes, recipe, packages, cancel));
        var image = Path.Combine(folder, name + ".qcow2");
        Directory.CreateDirectory(folder);

        await using var alone = await LockAsync(image + ".lock", cancel);
        if (!File.Exists(image))
            await Command.RunAsync("bash", [Path.Combine(recipes, recipe + ".sh"), image, .. packages], cancel);
        return image;
    }

    private static async Task<string> HashAsync(string recipes, string recipe, string[] packages, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var overlay = Path.Combine(recipes, recipe);
        string[] files = Directory.Exists(overlay) ? Directory.GetFiles(overlay, "*", SearchOption.AllDirectories) : [];
        foreach (var file in files.Order(StringComparer.Ordinal).Prepend(Path.Combine(recipes, recipe + ".sh")))
            hash.AppendData(await File.ReadAllBytesAsync(file, cancel));
        foreach (var package in packages)
            hash.AppendData(Encoding.UTF8.GetBytes(package + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // Test projects and benchmarks of several runs may ask at the same time.
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, cancel);
            }
        }
    }
}
