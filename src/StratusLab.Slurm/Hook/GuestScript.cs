using System.Text;

namespace StratusLab.Slurm;

/// <summary>The scripts in this assembly that run on other machines.</summary>
internal static class GuestScript
{
    public static string Read(string name)
    {
        using var stream = typeof(GuestScript).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"This assembly was built without '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // A work tree on Windows may have other ends of lines, which no shell takes.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
