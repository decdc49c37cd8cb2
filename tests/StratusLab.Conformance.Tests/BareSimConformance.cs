using Xunit;

namespace StratusLab.Conformance.Tests;

public sealed class BareSimConformance(BareSimHostUnderTest host) : ProviderConformance(host), IClassFixture<BareSimHostUnderTest>;
