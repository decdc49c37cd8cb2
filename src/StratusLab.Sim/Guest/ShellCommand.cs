namespace StratusLab.Sim;

/// <summary>One simple command of a script.</summary>
internal sealed record ShellCommand
{
    public List<string> Words { get; } = [];

    /// <summary>Whether it runs after success (true) or failure (false) of the one before only; null for always.</summary>
    public bool? Runs { get; init; }

    public string? OutputFile { get; set; }

    public bool Appends { get; set; }

    public bool OutputToError { get; set; }

    public bool ErrorToOutput { get; set; }
}
