using System.Management.Automation;
using System.Reflection;
using Xunit;

namespace StratusLab.PowerShell.Tests;

/// <summary>
/// PowerShell lists a module's public types before it lets the module say where its dependencies are. A field of a struct or enum
/// from <c>deps/</c> in a public type would have to be resolved at that moment, and the import would fail.
/// </summary>
public sealed class ImportRuleTests
{
    private static readonly Assembly[] Known =
        [typeof(SiteSession).Assembly, typeof(Core.VirtualMachine).Assembly, typeof(object).Assembly, typeof(SwitchParameter).Assembly];

    public static TheoryData<string> PublicTypes => [.. typeof(SiteSession).Assembly.GetExportedTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Public_type_can_be_laid_out_before_the_dependencies_are_known(string name)
    {
        var type = typeof(SiteSession).Assembly.GetType(name, throwOnError: true)!;
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => field.FieldType.IsValueType && !Parts(field.FieldType).All(part => Known.Contains(part.Assembly)))
            .Select(field => $"{field.Name}: {field.FieldType}");
        Assert.Empty(fields);
    }

    private static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];
}
