namespace StratusLab.GridEngine;

/// <summary>The machine behind a node, as it is kept in an attribute of the execution host: its identity and, once it is known, its address.</summary>
internal sealed record NodeMachine(string Id, string? Address)
{
    public const string Attribute = "stratus_machine";

    /// <summary>What the attribute holds; null where it holds nothing.</summary>
    public static NodeMachine? Read(string text) => text is "" or "NONE" ? null : text.Split('@', 2) is [var id, var address] ? new(id, address) : new(text, null);

    public override string ToString() => Address is null ? Id : $"{Id}@{Address}";
}
