using Xunit;
using Xunit.Sdk;

namespace StratusLab.Conformance.Tests;

/// <summary>A fact that every provider must meet; skipped as the class that runs it says by <see cref="NeedsAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("StratusLab.Conformance.Tests.ConformanceFactDiscoverer", "StratusLab.Conformance.Tests")]
public sealed class ConformanceFactAttribute : FactAttribute;
