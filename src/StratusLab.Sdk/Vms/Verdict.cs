using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Whether a VM fulfils a condition: yes, not yet, or never.</summary>
internal readonly record struct Verdict
{
    private Verdict(bool isFinal, string? problem, StratusException? error) => (IsFinal, Problem, Error) = (isFinal, problem, error);

    public static Verdict Met => new(true, null, null);

    public bool IsFinal { get; }

    public string? Problem { get; }

    public StratusException? Error { get; }

    public static Verdict NotYet(string problem) => new(false, problem, null);

    public static Verdict Never(StratusException error) => new(true, error.Message, error);
}
