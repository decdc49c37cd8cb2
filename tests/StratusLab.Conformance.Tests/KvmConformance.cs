using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Conformance.Tests;

[Needs(Need.LibvirtHost, Need.MicroGuest)]
public sealed class KvmConformance(KvmHostUnderTest host) : ProviderConformance(host), IClassFixture<KvmHostUnderTest>;
