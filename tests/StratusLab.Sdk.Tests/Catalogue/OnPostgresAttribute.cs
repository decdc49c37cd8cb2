using System.Reflection;
using StratusLab.Rig.Requirements;
using Xunit.Sdk;

namespace StratusLab.Sdk.Tests;

/// <summary>Runs a theory on the catalogue of a shared site, or skips that, saying why, where the machine has no PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnPostgresAttribute : DataAttribute
{
    public OnPostgresAttribute() => Skip = Requirement.WhyNot(Need.Postgres);

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[CatalogueKind.Postgres]];
}
