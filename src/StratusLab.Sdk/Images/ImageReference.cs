using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Names and versions of images: what fits an OCI tag and reference, so that no path can be made of them.</summary>
internal static partial class ImageReference
{
    public static void Validate(string name, string version)
    {
        if (!Name().IsMatch(name ?? string.Empty))
            throw new InvalidInputException("InvalidImageName", $"'{Printable(name)}' is not a valid image name: use up to 128 lower-case letters, digits, and single '.', '_' or '-' between them.", "Name");
        if (!Version().IsMatch(version ?? string.Empty))
            throw new InvalidInputException("InvalidImageVersion", $"'{Printable(version)}' is not a valid image version: use up to 128 letters, digits, and single '.', '_' or '-' between them.", "Version");
    }

    public static void ValidateDefaultUser(string user)
    {
        if (string.IsNullOrWhiteSpace(user) || user.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            throw new InvalidInputException("InvalidUser", "The default user is a Linux user name, such as 'debian'.", "DefaultUser");
    }

    public static void ValidateArchitecture(string architecture)
    {
        if (string.IsNullOrWhiteSpace(architecture) || architecture.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '_'))
            throw new InvalidInputException("InvalidArchitecture", "The architecture is written as the kernel does, such as x86_64 or aarch64.", "Architecture");
    }

    /// <summary>Splits <c>name:version</c>; null if it is not in that form.</summary>
    public static (string Name, string Version)? TryParse(string? text) =>
        text?.Split(':') is [var name, var version] && Name().IsMatch(name) && Version().IsMatch(version) ? (name, version) : null;

    public static bool IsName(string text) => Name().IsMatch(text);

    public static bool IsVersion(string text) => Version().IsMatch(text);

    public static string Printable(string? text) => new([.. (text ?? string.Empty).Take(80).Select(c => char.IsControl(c) ? '?' : c)]);

    [GeneratedRegex(@"\A(?=.{1,128}\z)[a-z0-9]+([._-][a-z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?=.{1,128}\z)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
