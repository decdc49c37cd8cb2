using System.IO.Compression;

namespace StratusLab.Build;

/// <summary>Writes what is handed to users into <c>artifacts/package</c>.</summary>
internal sealed class Packages(string root, string configuration)
{
    public async Task<int> WriteAsync(CancellationToken cancel)
    {
        var target = Path.Combine(root, "artifacts", "package");
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.CreateDirectory(target);

        await ZipFile.CreateFromDirectoryAsync(
            Path.Combine(root, "artifacts", "module"), Path.Combine(target, "StratusLab.zip"), cancel);

        foreach (var project in Directory.EnumerateDirectories(Path.Combine(root, "src")))
        {
            if (Path.GetFileName(project) == "StratusLab.PowerShell")
                continue;
            var code = await Shell.RunAsync(
                root, "dotnet", ["pack", project, "-c", configuration, "--no-build", "-o", target, "-v", "quiet"], cancel);
            if (code != 0)
                return code;
        }
        return 0;
    }
}
