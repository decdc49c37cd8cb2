namespace StratusLab.Ec2.Images;

/// <summary>How much a machine image is used.</summary>
/// <param name="Count">Instances made from it that exist.</param>
/// <param name="LastAt">When one was launched last, as far as EC2 tells.</param>
internal sealed record ImageUse(int Count, DateTimeOffset? LastAt);
