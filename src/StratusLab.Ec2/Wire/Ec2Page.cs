namespace StratusLab.Ec2.Wire;

/// <summary>A part of a list.</summary>
/// <param name="Items">What it holds; a page may be empty and not be the last.</param>
/// <param name="NextToken">Where the next one begins; null at the end.</param>
internal sealed record Ec2Page<TItem>(IReadOnlyList<TItem> Items, string? NextToken);
