namespace StratusLab.Ec2.Launch;

/// <summary>A launch that is about to be asked for.</summary>
/// <param name="Parameters">The query, with the true user data.</param>
/// <param name="Token">The client token, which is also among the parameters.</param>
/// <param name="Requests">The requests that it is for, in launch order.</param>
internal sealed record LaunchOrder(IReadOnlyDictionary<string, string> Parameters, string Token, IReadOnlyList<Guid> Requests)
{
    /// <summary>The query, for the journal.</summary>
    public string Text { get; } = LaunchText.Write(Parameters);

    /// <summary>The query's parameters hold user data, which may hold secrets.</summary>
    public override string ToString() => Token;
}
