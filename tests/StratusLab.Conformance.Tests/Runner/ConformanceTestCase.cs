using StratusLab.Rig.Requirements;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace StratusLab.Conformance.Tests;

/// <summary>One fact on one provider. The fact is inherited, so only the class that runs it can say what it needs.</summary>
public sealed class ConformanceTestCase : XunitTestCase
{
    [Obsolete("For the runner, which fills it afterwards.", error: true)]
    public ConformanceTestCase()
    {
    }

    public ConformanceTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    // Every wait in the suite has a limit of its own that tells what it was for; this one is for a wait that has been forgotten.
    protected override int GetTimeout(IAttributeInfo factAttribute) =>
        TestMethod.Method.ToRuntimeMethod().ReturnType == typeof(Task) ? (int)TimeSpan.FromMinutes(6).TotalMilliseconds : 0;

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.ToRuntimeType().GetCustomAttributes(typeof(NeedsAttribute), inherit: true)
            .OfType<NeedsAttribute>()
            .SelectMany(attribute => attribute.Needs)
            .Select(Requirement.WhyNot)
            .FirstOrDefault(reason => reason is not null);
}
