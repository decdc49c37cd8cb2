using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Lets a policy be named by its preset, such as <c>PredictedWait</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BurstPolicyTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string name) return value;
        try
        {
            return BurstPolicy.Preset(name);
        }
        catch (InvalidInputException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
