using System.Reflection;
using Xunit.Sdk;

namespace StratusLab.Sdk.Tests;

/// <summary>Runs a theory on the catalogue of one machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[CatalogueKind.Sqlite]];
}
