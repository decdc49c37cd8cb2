using StratusLab.Rig.Hosts;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Two real libvirt hosts for all tests here.</summary>
public sealed class TwoHosts() : LibvirtHostFixture(new LibvirtHostOptions(), new LibvirtHostOptions());
