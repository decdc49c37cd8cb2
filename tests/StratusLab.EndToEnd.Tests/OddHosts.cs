using StratusLab.Rig.Hosts;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>A host that can be reached in several ways and has a pool that is soon full, and an ordinary one.</summary>
public sealed class OddHosts() : LibvirtHostFixture(
    new LibvirtHostOptions { Tls = true, Ssh = true, SmallPoolMegabytes = 24 },
    new LibvirtHostOptions());

[CollectionDefinition(Name)]
public sealed class OddHostCollection : ICollectionFixture<OddHosts>
{
    public const string Name = "odd hosts";
}
