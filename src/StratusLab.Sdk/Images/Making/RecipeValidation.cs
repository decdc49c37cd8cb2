using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What can be checked of a recipe without asking anybody.</summary>
internal static partial class RecipeValidation
{
    public static void Validate(ImageRecipe recipe)
    {
        if (recipe.Packages.Count == 0 && recipe.Files.Count == 0 && string.IsNullOrWhiteSpace(recipe.Script))
            throw new InvalidInputException("EmptyRecipe", "The recipe changes nothing: give packages, files or a script.", "Script");
        foreach (var package in recipe.Packages)
        {
            if (!Package().IsMatch(package))
                throw new InvalidInputException("InvalidPackageName", $"'{ImageReference.Printable(package)}' is no name of a package: letters, digits and . + - _ : = ~ @ / after a letter or digit.", "Packages");
        }

        foreach (var (source, path) in recipe.Files)
        {
            if (!path.StartsWith('/') || path.EndsWith('/') || path.Any(char.IsControl) || path.Split('/').Contains("..", StringComparer.Ordinal))
                throw new InvalidInputException("InvalidPath", $"'{ImageReference.Printable(path)}' is no whole path of a file in the guest, such as /etc/motd.", "Files");
            if (!File.Exists(source)) throw new InvalidInputException("SourceNotFound", $"There is no file '{source}'.", "Files") { Resource = source };
        }

        if (recipe.Script?.Contains('\0', StringComparison.Ordinal) == true)
            throw new InvalidInputException("InvalidScript", "The script holds a NUL character.", "Script");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.+\-_:=~@/]{0,255}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Package();
}
