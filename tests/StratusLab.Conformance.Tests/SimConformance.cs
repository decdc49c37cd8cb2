using Xunit;

namespace StratusLab.Conformance.Tests;

public sealed class SimConformance(SimHostUnderTest host) : ProviderConformance(host), IClassFixture<SimHostUnderTest>;
