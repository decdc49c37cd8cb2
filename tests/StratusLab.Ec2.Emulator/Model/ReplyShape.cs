namespace StratusLab.Ec2.Emulator.Model;

/// <summary>What a part of an answer is made of.</summary>
/// <param name="Type">Its type in the service model's words.</param>
/// <param name="Members">The names of the shapes of its members, by their elements' names.</param>
/// <param name="Item">The name of the shape of a list's items; null where it is no list.</param>
public sealed record ReplyShape(string Type, IReadOnlyDictionary<string, string> Members, string? Item);
