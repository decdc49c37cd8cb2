namespace StratusLab.Sdk;

/// <summary>Something that speaks for or against launching an image.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Effect">What it does to the decision.</param>
/// <param name="Message">What it is, in words for people.</param>
public sealed record ImageReason(ImageReasonCode Code, ImageReasonEffect Effect, string Message)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
