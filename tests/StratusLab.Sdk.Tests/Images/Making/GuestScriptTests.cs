using System.Diagnostics;
using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class GuestScriptTests : IDisposable
{
    private const string Mark = "stratuslab-0123:";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("script-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Scripts_are_good_posix_shell_and_fit_for_cloud_init()
    {
        var recipe = Recipe() with { Packages = ["g++", "lib'x"], Files = [new RecipeFile(Write("it's", 10_000), "/opt/it's here/a file")] };
        foreach (var script in new[] { GuestScript.Clean(Mark), await GuestScript.BuildAsync(Mark, recipe, CancellationToken.None) })
        {
            UserDataValidation.Validate(script);
            Assert.DoesNotContain('\r', script);
            Assert.Equal(string.Empty, await ShellAsync("-n", script));
        }
    }

    [Fact]
    public async Task Files_arrive_as_they_were()
    {
        var source = Write("noise", 300_000);
        var target = Path.Combine(_folder.FullName, "it's", "noise");
        var script = await GuestScript.BuildAsync(Mark, Recipe() with { Files = [new RecipeFile(source, target)] }, CancellationToken.None);

        // Only the part that puts the file there: the rest is for a machine that is to be switched off.
        var from = script.IndexOf("mkdir -p -- \"$(dirname", StringComparison.Ordinal);
        var to = script.IndexOf("\nchmod ", StringComparison.Ordinal);
        Assert.Equal(string.Empty, await ShellAsync("-s", "fail() { echo \"$*\" >&2; exit 1; }\n" + script[from..to] + "\n"));
        Assert.Equal(await File.ReadAllBytesAsync(source), await File.ReadAllBytesAsync(target));
    }

    [Fact]
    public async Task Too_much_for_a_seed_is_refused()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() =>
            GuestScript.BuildAsync(Mark, Recipe() with { Files = [new RecipeFile(Write("large", 4_000_000), "/large")] }, CancellationToken.None));
        Assert.Equal("RecipeTooLarge", error.ErrorId);
    }

    private static ImageRecipe Recipe() => new() { Base = "base", Name = "made", Script = "echo \"it's $HOME\"\r\necho END-OF-FILE\n" };

    private string Write(string name, int length)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(length));
        return path;
    }

    private static async Task<string> ShellAsync(string option, string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", [option]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, error);
        return error;
    }
}
