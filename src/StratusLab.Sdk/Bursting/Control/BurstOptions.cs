using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>With what a burst is controlled.</summary>
public sealed record BurstOptions
{
    /// <summary>What it is.</summary>
    public required BurstDefinition Definition { get; init; }

    /// <summary>The batch system; where it is <see cref="IBatchNodeLeases"/> too, nodes hear through it that they are looked after. The controller does not dispose it.</summary>
    public required IBatchSystem BatchSystem { get; init; }

    /// <summary>Where the batch system asks for nodes; null if it does not, and the controller chooses their names.</summary>
    public IBurstRequests? Requests { get; init; }

    /// <summary>
    /// What nodes are told at their first boot, as in <see cref="VmSpecification.UserData"/>; <c>{{node}}</c> and <c>{{burst}}</c> in it become the names.
    /// A machine has its node's name as its host name without it, and where user data differs from node to node a host launches each by a call of its own.
    /// May hold secrets: it is not kept.
    /// </summary>
    public string? UserData { get; init; }

    /// <summary>
    /// Whether the batch system tells of nodes that have registered. Without it a node counts as ready once the host says that it runs, and jobs must
    /// name their nodes.
    /// </summary>
    public bool NodesRegister { get; init; } = true;

    /// <summary>Says what is controlled; user data may hold secrets and is not shown.</summary>
    public override string ToString() => Definition.Name;
}
