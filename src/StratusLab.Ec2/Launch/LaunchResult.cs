using StratusLab.Core;
using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Launch;

/// <summary>What is known of a launch for certain.</summary>
/// <param name="Instances">What was launched, in launch order: as many as there were machines for.</param>
/// <param name="Refusal">Why nothing was launched.</param>
/// <param name="IsElsewhere">Whether nothing was asked because another call for the same requests is under way or was done meanwhile.</param>
internal sealed record LaunchResult(IReadOnlyList<Instance> Instances, StratusException? Refusal, bool IsElsewhere)
{
    public static LaunchResult Elsewhere { get; } = new([], null, true);

    public static LaunchResult Launched(IReadOnlyList<Instance> instances) => new(instances, null, false);

    public static LaunchResult Refused(StratusException refusal) => new([], refusal, false);
}
