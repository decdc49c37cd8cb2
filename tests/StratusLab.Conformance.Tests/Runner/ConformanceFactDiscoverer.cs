using Xunit.Abstractions;
using Xunit.Sdk;

namespace StratusLab.Conformance.Tests;

/// <summary>Makes the test cases of <see cref="ConformanceFactAttribute"/>; found by the runner by its name.</summary>
public sealed class ConformanceFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new ConformanceTestCase(messages, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}
