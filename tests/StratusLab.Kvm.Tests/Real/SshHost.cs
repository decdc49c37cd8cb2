using StratusLab.Core;
using StratusLab.Rig.Hosts;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>A libvirt host that is reached by ssh.</summary>
public sealed class SshHost() : LibvirtHostFixture(new LibvirtHostOptions { Ssh = true })
{
    internal KvmProvider Connect() =>
        (KvmProvider)new KvmProviderFactory().Create(new HostDefinition { Name = "node", Uri = Host.SshUri, Accelerator = Accelerator.Tcg });
}

[CollectionDefinition("ssh host")]
public sealed class SshHostCollection : ICollectionFixture<SshHost>;
