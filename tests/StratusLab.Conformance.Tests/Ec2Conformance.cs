using Xunit;

namespace StratusLab.Conformance.Tests;

public sealed class Ec2Conformance(Ec2HostUnderTest host) : ProviderConformance(host), IClassFixture<Ec2HostUnderTest>;
