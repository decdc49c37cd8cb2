using System.Text.RegularExpressions;
using Xunit;

namespace StratusLab.Architecture.Tests;

/// <summary>What a newcomer may rely on when looking for something in the tree.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    public static TheoryData<string> SourceFiles => [.. Repository.Files("src", "*.cs")];

    [Theory]
    [MemberData(nameof(SourceFiles))]
    public void Source_file_holds_one_public_type_of_its_name(string file)
    {
        var types = PublicType().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(types.Count <= 1, $"{file} holds {string.Join(", ", types)}.");
        if (types is [var type]) Assert.Equal(type, Path.GetFileName(file).Split('.')[0]);
    }

    [Theory]
    [MemberData(nameof(SourceFiles))]
    public void Source_file_can_be_read_at_one_sitting(string file) =>
        Assert.InRange(Repository.Read(file).AsSpan().Count('\n'), 0, MaxLines);

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Type_is_not_named_after_nothing(string folder)
    {
        string[] vague = ["Utils", "Util", "Helpers", "Helper", "Misc", "Common"];
        Assert.DoesNotContain(Repository.Files(folder, "*.cs"), file => vague.Any(word => Path.GetFileNameWithoutExtension(file).EndsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void File_does_not_know_where_this_copy_of_the_tree_is()
    {
        // A root such as "/src" says nothing about a machine and is found in any text.
        if (Repository.Root.Trim(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar).Length < 2) return;
        string[] texts = ["*.cs", "*.csproj", "*.props", "*.md", "*.sh", "*.ps1", "*.psd1", "*.psm1", "*.ps1xml", "*.json", "*.txt", "*.sln"];
        var knowing = texts.SelectMany(pattern => Repository.Files(".", pattern)).Where(file => Repository.Read(file).Contains(Repository.Root, StringComparison.Ordinal));
        Assert.Empty(knowing);
    }

    [GeneratedRegex(
        @"^public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|struct|record struct|record class|record|interface|enum|delegate \S+) (?<name>\w+)",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PublicType();
}
