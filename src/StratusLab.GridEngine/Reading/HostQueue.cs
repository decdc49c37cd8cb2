namespace StratusLab.GridEngine;

/// <summary>A queue on one host.</summary>
internal sealed record HostQueue(string Name)
{
    public int Slots { get; set; }

    public int Used { get; set; }

    /// <summary>Its state's letters, such as <c>d</c> for disabled and <c>u</c> for unheard.</summary>
    public string State { get; set; } = string.Empty;
}
