using System.Reflection;
using StratusLab.Rig.Requirements;
using Xunit.Sdk;

namespace StratusLab.Sdk.Tests;

/// <summary>Runs a theory on each kind of catalogue that the machine has; the tests of shared sites say why one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CataloguesAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        yield return [CatalogueKind.Sqlite];
        if (Requirement.WhyNot(Need.Postgres) is null) yield return [CatalogueKind.Postgres];
    }
}
