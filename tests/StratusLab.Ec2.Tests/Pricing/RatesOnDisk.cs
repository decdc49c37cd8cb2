namespace StratusLab.Ec2.Tests.Pricing;

/// <summary>A rate file for one test.</summary>
internal sealed class RatesOnDisk : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stratus-rates-").FullName;

    public RatesOnDisk(params string[] lines)
    {
        Path = System.IO.Path.Combine(_folder, "rates.csv");
        Write(lines);
    }

    public string Path { get; }

    public void Write(params string[] lines) => File.WriteAllLines(Path, lines);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
