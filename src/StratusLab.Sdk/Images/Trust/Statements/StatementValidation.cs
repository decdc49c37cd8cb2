using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>What a statement may say: texts that are safe to show, times that make sense.</summary>
internal static class StatementValidation
{
    private const int MaxReason = 1000;
    private const int MaxReplacement = 300;

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidInputException">A field is wrong; the error names it.</exception>
    public static void Validate(ImageStatement statement)
    {
        if (!OciDigest.TryParse(statement.ImageDigest, null, out _)) throw Invalid("Image", "the image's digest is malformed");
        try
        {
            ImageReference.Validate(statement.Name, statement.Version);
        }
        catch (InvalidInputException e)
        {
            throw Invalid(e.Field!, e.Message);
        }

        if (statement.ValidUntil <= statement.IssuedAt) throw Invalid("ValidUntil", "its validity ends before it begins");
        CheckText("Reason", statement.Reason, MaxReason);
        CheckText("Replacement", statement.Replacement, MaxReplacement);
        if (statement.Kind == ImageStatementKind.Deprecation && string.IsNullOrWhiteSpace(statement.Reason)) throw Invalid("Reason", "a deprecation says why");
        if (statement.Kind == ImageStatementKind.Endorsement && statement.Replacement is not null) throw Invalid("Replacement", "an endorsement has no replacement");
    }

    private static void CheckText(string field, string? text, int length)
    {
        if (text is null) return;
        if (text.Length > length) throw Invalid(field, $"it is {text.Length} characters long; up to {length} are allowed");
        if (text.Any(char.IsControl)) throw Invalid(field, "it contains control characters; it is one line of text");
    }

    private static InvalidInputException Invalid(string field, string why) => new("InvalidStatement", $"The field {field} of the statement is wrong: {why}.", field);
}
