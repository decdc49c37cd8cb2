namespace StratusLab.Kvm;

/// <summary>Reads what is needed of a storage pool's XML.</summary>
internal static class PoolXml
{
    /// <summary>The pool's type, such as <c>dir</c>, and its folder on the host.</summary>
    public static (string Type, string? Path) Read(string xml) => HostXml.Read(xml, "a storage pool", static reader =>
    {
        reader.MoveToContent();
        var type = reader.GetAttribute("type") ?? "";
        return (type, reader.ReadToDescendant("target") && reader.ReadToDescendant("path") ? reader.ReadElementContentAsString() : null);
    });
}
