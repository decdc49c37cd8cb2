using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image may not be launched (<c>ImageRefused</c>).</summary>
public sealed class ImageRefusedException : StratusException
{
    /// <summary>Creates the error from a decision that refuses.</summary>
    /// <param name="decision">The decision; every reason that refuses is in the message.</param>
    public ImageRefusedException(ImageDecision decision)
        : base("ImageRefused", StratusErrorKind.PermissionDenied, decision.ToString())
    {
        Decision = decision;
        Resource = decision.Image;
    }

    /// <summary>The decision and all its reasons.</summary>
    public ImageDecision Decision { get; }
}
