using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A host as a plan looks at it.</summary>
/// <param name="Snapshot">What placement needs to know.</param>
/// <param name="Vms">The VMs that it lists, whoever made them.</param>
/// <param name="Made">Creations that were done and that it does not list yet.</param>
/// <param name="Room">What it has free; null for a host that does not answer.</param>
internal sealed record HostView(HostSnapshot Snapshot, IReadOnlyList<VirtualMachine> Vms, IReadOnlyList<JournalEntry> Made, HostRoom? Room);
