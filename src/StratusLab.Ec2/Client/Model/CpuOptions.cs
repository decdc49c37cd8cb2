using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Cores and threads of an instance other than its type has by itself.</summary>
internal sealed record CpuOptions : IQueryObject
{
    public int? CoreCount { get; init; }

    public int? ThreadsPerCore { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("CoreCount", CoreCount);
        query.Add("ThreadsPerCore", ThreadsPerCore);
    }
}
