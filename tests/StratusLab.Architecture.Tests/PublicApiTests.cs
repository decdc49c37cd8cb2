using Xunit;

namespace StratusLab.Architecture.Tests;

/// <summary>
/// A change of what others build on shows in review as a change of a text file. To accept one, run these tests with the environment
/// variable <c>STRATUS_UPDATE_PUBLIC_API=1</c>, which rewrites the files, and commit them with the change.
/// </summary>
public sealed class PublicApiTests
{
    private const string Update = "STRATUS_UPDATE_PUBLIC_API";

    [Theory]
    [InlineData("StratusLab.Core")]
    [InlineData("StratusLab.Sdk")]
    [InlineData("StratusLab.Libvirt")]
    public void Public_surface_is_the_one_agreed_on(string assembly)
    {
        var path = Path.Combine(Repository.Root, "tests", "StratusLab.Architecture.Tests", "PublicApi", $"{assembly}.txt");
        string[] present = [.. PublicSurface.Of(CompiledAssembly.Load(assembly))];
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, string.Concat(present.Select(line => line + "\n")));
        }

        var agreed = File.Exists(path) ? File.ReadAllLines(path) : [];
        var changes = agreed.Except(present, StringComparer.Ordinal).Select(line => $"- {line}")
            .Concat(present.Except(agreed, StringComparer.Ordinal).Select(line => $"+ {line}"))
            .ToList();
        Assert.True(
            changes.Count == 0,
            $"The public surface of {assembly} has changed. If that is meant, run these tests with {Update}=1 and commit PublicApi/{assembly}.txt.\n{string.Join('\n', changes)}");
        Assert.Equal(agreed, present);
    }
}
