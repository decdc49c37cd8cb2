using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Gives up an import.</summary>
internal sealed record CancelImportTask : Ec2Command
{
    public string? ImportTaskId { get; init; }

    public string? CancelReason { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ImportTaskId", ImportTaskId);
        query.Add("CancelReason", CancelReason);
    }
}
