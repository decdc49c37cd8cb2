using System.Reflection;
using System.Text;

namespace StratusLab.Core;

/// <summary>Scripts for other machines that an assembly has with it as resources.</summary>
public static class BatchScript
{
    /// <summary>A script's text, with the ends of lines that a shell takes, also where a work tree on Windows has others.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The resource's name.</param>
    /// <exception cref="InvalidOperationException">The assembly was built without it.</exception>
    public static string Read(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{assembly.GetName().Name} was built without '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
