using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Launch;

/// <summary>A launch by parameters that were written down before, token included, so that asking again is the same request to the letter.</summary>
internal sealed record RunInstancesAgain : Ec2Operation<Reservation>
{
    /// <inheritdoc/>
    public override string Action => nameof(RunInstances);

    /// <summary>The parameters, without the action and the version of the API.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        foreach (var (name, value) in Parameters) query.Add(name, value);
    }

    /// <inheritdoc/>
    public override Reservation Read(Ec2XmlReader xml) => new(xml);
}
