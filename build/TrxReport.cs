using System.Xml.Linq;

namespace StratusLab.Build;

/// <summary>Reads the results file that <c>dotnet test --logger trx</c> writes.</summary>
internal static class TrxReport
{
    private static readonly XNamespace Ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static async Task<IReadOnlyList<TestResult>> ReadAsync(string file, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(file);
        var document = await XDocument.LoadAsync(stream, LoadOptions.None, cancel);
        return [.. document.Descendants(Ns + "UnitTestResult").Select(Read)];
    }

    private static TestResult Read(XElement result)
    {
        var message = (string?)result.Element(Ns + "Output")?.Element(Ns + "ErrorInfo")?.Element(Ns + "Message")
            ?? (string?)result.Element(Ns + "Output")?.Element(Ns + "StdOut")
            ?? "";
        var outcome = (string?)result.Attribute("outcome") switch
        {
            "Passed" => TestOutcome.Passed,
            "NotExecuted" => TestOutcome.Skipped,
            _ => TestOutcome.Failed,
        };
        return new((string?)result.Attribute("testName") ?? "?", outcome, message.Trim());
    }
}
