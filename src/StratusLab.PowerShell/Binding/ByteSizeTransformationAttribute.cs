using System.Globalization;
using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>Lets a size be written as PowerShell users do: <c>8GB</c>, <c>'8GB'</c>, <c>1.5GB</c> or a number of bytes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ByteSizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or ByteSize) return value;
        try
        {
            var size = ByteSize.Parse(value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty);
            return size;
        }
        catch (FormatException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
