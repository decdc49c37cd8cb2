using System.Net;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.Faults;

/// <summary>Something that goes wrong, and when.</summary>
public sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>The action it befalls; null for any.</summary>
    public string? Action { get; init; }

    /// <summary>EC2's code, for <see cref="FaultKind.Error"/>.</summary>
    public string Code { get; init; } = "InternalError";

    public string Message { get; init; } = "An internal error has occurred";

    public HttpStatusCode Status { get; init; } = HttpStatusCode.InternalServerError;

    /// <summary>How often it happens.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>How many calls that it could befall go by before it begins.</summary>
    public int After { get; init; }

    /// <summary>The share of calls it befalls, 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>How late, for <see cref="FaultKind.Delay"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The instance type concerned; null for any.</summary>
    public string? InstanceType { get; init; }

    /// <summary>The zone concerned; null for any.</summary>
    public string? Zone { get; init; }

    /// <summary>The market concerned, <c>spot</c> or <c>on-demand</c>; null for any.</summary>
    public string? Market { get; init; }

    /// <summary>For <see cref="FaultKind.NoCapacity"/>: how many instances there are still machines for.</summary>
    public int Left { get; init; }

    /// <summary>For <see cref="FaultKind.NoCapacity"/>: whether chance says how many of the instances asked for there are machines for, 0 among them.</summary>
    public bool IsPartial { get; init; }

    internal bool Concerns(QueryForm form) => Action is null || Action == form.Action;

    internal bool Concerns(string type, string zone, string market) =>
        (InstanceType is null || InstanceType == type) && (Zone is null || Zone == zone) && (Market is null || Market == market);
}
