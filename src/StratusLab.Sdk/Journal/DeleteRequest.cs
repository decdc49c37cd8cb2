using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A removal as the journal keeps it.</summary>
internal sealed record DeleteRequest(string Host, string Key, DeleteOptions Options)
{
    public VmId Id => new(Host, Key);
}
