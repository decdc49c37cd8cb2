namespace StratusLab.Ec2.Pricing;

/// <summary>A price, and where it comes from.</summary>
/// <param name="PerHour">US dollars per hour.</param>
/// <param name="At">As of when it is known, in UTC.</param>
/// <param name="Source">Where it comes from, for people.</param>
internal readonly record struct KnownPrice(decimal PerHour, DateTimeOffset At, string Source);
