namespace StratusLab.Libvirt;

/// <summary>A virtual network as libvirt names it (<c>remote_nonnull_network</c>).</summary>
/// <param name="Name">The network's name.</param>
/// <param name="Uuid">The network's identity.</param>
public readonly record struct NetworkRef(string Name, Guid Uuid);
