namespace StratusLab.Build.Help;

/// <summary>A heading and what is under it.</summary>
internal sealed record Section(string Title, string Body);
