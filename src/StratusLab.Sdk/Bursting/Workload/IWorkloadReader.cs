namespace StratusLab.Sdk;

/// <summary>Reads the jobs of a trace one by one, whatever its format.</summary>
internal interface IWorkloadReader
{
    /// <summary>Nodes of the centre, once they were read.</summary>
    int? MaxNodes { get; }

    /// <summary>Records that were passed over so far.</summary>
    int SkippedCount { get; }

    IAsyncEnumerable<WorkloadJob> ReadAsync(CancellationToken cancellationToken);
}
