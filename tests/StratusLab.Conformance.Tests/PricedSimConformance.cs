using Xunit;

namespace StratusLab.Conformance.Tests;

public sealed class PricedSimConformance(PricedSimHostUnderTest host) : ProviderConformance(host), IClassFixture<PricedSimHostUnderTest>;
