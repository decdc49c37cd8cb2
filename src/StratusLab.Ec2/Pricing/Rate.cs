using System.IO.Enumeration;
using StratusLab.Core;

namespace StratusLab.Ec2.Pricing;

/// <summary>A line of a rate file.</summary>
/// <param name="Region">The region; <c>*</c> for every one.</param>
/// <param name="Type">The instance type, with <c>*</c> and <c>?</c>.</param>
/// <param name="Market">The market; null for both.</param>
/// <param name="PerHour">US dollars per hour; null if the line is about disks only.</param>
/// <param name="DiskMonth">US dollars for a GiB of system disk and month; null if the line is about machines only.</param>
internal sealed record Rate(string Region, string Type, VmMarket? Market, decimal? PerHour, decimal? DiskMonth)
{
    /// <summary>Whether the line is about such machines.</summary>
    public bool IsFor(string region, string type, VmMarket market) =>
        (Region == "*" || Region == region) && (Market is null || Market == market) && FileSystemName.MatchesSimpleExpression(Type, type, ignoreCase: false);
}
