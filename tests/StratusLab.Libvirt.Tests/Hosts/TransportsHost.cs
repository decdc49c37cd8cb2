using StratusLab.Rig.Hosts;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

/// <summary>One real host that listens in every way.</summary>
public sealed class TransportsHost() : LibvirtHostFixture(new LibvirtHostOptions { Tls = true, Tcp = true, Ssh = true, SmallPoolMegabytes = 8 });

[CollectionDefinition("host")]
public sealed class HostCollection : ICollectionFixture<TransportsHost>;
