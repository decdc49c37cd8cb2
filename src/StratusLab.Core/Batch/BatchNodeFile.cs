using System.Text;

namespace StratusLab.Core;

/// <summary>A file that a machine gets to become a node. It does not show its content: that may be a secret.</summary>
/// <param name="path">Where it is there.</param>
/// <param name="content">What is in it.</param>
public sealed class BatchNodeFile(string path, byte[] content)
{
    /// <summary>A file of text.</summary>
    /// <param name="path">Where it is there.</param>
    /// <param name="text">What is in it.</param>
    public BatchNodeFile(string path, string text)
        : this(path, Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>Where it is there.</summary>
    public string Path => path;

    /// <summary>Who owns it, as user and group; root by default.</summary>
    public string Owner { get; init; } = "root:root";

    /// <summary>Who may do what with it, in octal.</summary>
    public string Mode { get; init; } = "0644";

    /// <summary>The path.</summary>
    public override string ToString() => path;

    internal string Base64 => Convert.ToBase64String(content);
}
