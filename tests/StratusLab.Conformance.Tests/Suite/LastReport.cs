namespace StratusLab.Conformance.Tests;

/// <summary>Remembers the newest report; unlike <see cref="Progress{T}"/>, at once and in order.</summary>
public sealed class LastReport<T> : IProgress<T>
{
    public T? Last { get; private set; }

    public void Report(T value) => Last = value;
}
