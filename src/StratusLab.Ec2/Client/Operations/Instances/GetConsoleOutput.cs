using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Reads what an instance wrote to its serial console.</summary>
internal sealed record GetConsoleOutput : Ec2Operation<ConsoleOutput>
{
    public required string InstanceId { get; init; }

    public bool? Latest { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceId);
        query.Add("Latest", Latest);
    }

    /// <inheritdoc/>
    public override ConsoleOutput Read(Ec2XmlReader xml) => new(xml);
}
