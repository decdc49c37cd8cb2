using StratusLab.Core;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Rig;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>A libvirt host that is reached by ssh.</summary>
public sealed class SshHost() : LibvirtHostFixture(new LibvirtHostOptions { Ssh = true })
{
    // Where ssh is missing, the tests are skipped with that reason and ask for no host.
    public override Task InitializeAsync() => Requirement.WhyNot(Need.Ssh) is null ? base.InitializeAsync() : Task.CompletedTask;

    internal KvmProvider Connect() =>
        (KvmProvider)new KvmProviderFactory().Create(new HostDefinition { Name = "node", Uri = Host.SshUri, Accelerator = Accelerator.Tcg }, new MemoryCallJournal());
}

[CollectionDefinition("ssh host")]
public sealed class SshHostCollection : ICollectionFixture<SshHost>;
