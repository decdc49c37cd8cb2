using System.Reflection;
using Xunit;

namespace StratusLab.Architecture.Tests;

/// <summary>What users of any good module expect of its commands, checked on what the compiler wrote.</summary>
public sealed class CmdletTests
{
    private const string Shell = "System.Management.Automation";
    private static readonly string[] ReadingVerbs = ["Get", "Find", "Test", "Wait", "Enter", "Measure", "Compare", "Search"];

    public static TheoryData<string> Cmdlets => [.. CmdletTypes().Select(type => type.FullName!)];

    [Fact]
    public void Every_concrete_cmdlet_is_declared_as_one()
    {
        var undeclared = CompiledAssembly.Load("StratusLab.PowerShell").GetTypes().Where(type => IsCmdlet(type) && !type.IsAbstract && Attribute(type, "CmdletAttribute") is null);
        Assert.Empty(undeclared);
    }

    [Fact]
    public void There_are_cmdlets() => Assert.NotEmpty(CmdletTypes());

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Cmdlet_is_named_by_the_rules(string cmdlet)
    {
        var (type, verb, noun) = Describe(cmdlet);
        Assert.Contains(verb, ApprovedVerbs());
        Assert.StartsWith("Stratus", noun, StringComparison.Ordinal);
        Assert.DoesNotMatch("[^s]s$", noun["Stratus".Length..]);
        Assert.Equal($"{verb}{noun}Command", type.Name);
        Assert.True(type.IsSealed && type.IsPublic, $"{cmdlet} is public and sealed.");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Cmdlet_that_changes_something_asks_first(string cmdlet)
    {
        var (type, verb, _) = Describe(cmdlet);
        if (ReadingVerbs.Contains(verb)) return;
        Assert.Contains(Attribute(type, "CmdletAttribute")!.NamedArguments, argument => argument is { MemberName: "SupportsShouldProcess", TypedValue.Value: true });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Cmdlet_says_what_it_writes(string cmdlet) => Assert.NotNull(Attribute(Describe(cmdlet).Type, "OutputTypeAttribute"));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameter_has_a_name_by_the_rules_and_no_provider_type(string cmdlet)
    {
        foreach (var property in Describe(cmdlet).Type.GetProperties().Where(property => property.CustomAttributes.Any(data => data.AttributeType.Name == "ParameterAttribute")))
        {
            Assert.Matches("^[A-Z][A-Za-z0-9]+$", property.Name);
            var assembly = (property.PropertyType.GetElementType() ?? property.PropertyType).Assembly.GetName().Name;
            Assert.DoesNotContain(assembly, (string[])["StratusLab.Kvm", "StratusLab.Libvirt", "StratusLab.Ec2", "StratusLab.Oci", "AWSSDK.Core"]);
        }
    }

    private static (Type Type, string Verb, string Noun) Describe(string cmdlet)
    {
        var type = CompiledAssembly.Load("StratusLab.PowerShell").GetType(cmdlet, throwOnError: true)!;
        var arguments = Attribute(type, "CmdletAttribute")!.ConstructorArguments;
        return (type, (string)arguments[0].Value!, (string)arguments[1].Value!);
    }

    private static IEnumerable<Type> CmdletTypes() =>
        CompiledAssembly.Load("StratusLab.PowerShell").GetTypes().Where(type => Attribute(type, "CmdletAttribute") is not null).OrderBy(type => type.FullName, StringComparer.Ordinal);

    private static bool IsCmdlet(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.FullName == $"{Shell}.Cmdlet") return true;
        }

        return false;
    }

    // The values as written: the library that cmdlets are compiled against runs nothing, so its attributes cannot be made.
    private static CustomAttributeData? Attribute(Type type, string name) => type.CustomAttributes.FirstOrDefault(data => data.AttributeType.Name == name);

    private static HashSet<string> ApprovedVerbs() =>
        CompiledAssembly.Load(Shell).GetExportedTypes()
            .Where(type => type.Namespace == Shell && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToHashSet(StringComparer.Ordinal);
}
