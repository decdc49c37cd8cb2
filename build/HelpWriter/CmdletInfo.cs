using System.Reflection;
using System.Runtime.Loader;

namespace StratusLab.Build.Help;

/// <summary>A cmdlet as the compiler wrote it.</summary>
internal sealed record CmdletInfo(string Verb, string Noun, IReadOnlyList<ParameterInfo> Parameters, IReadOnlyList<string> Sets, IReadOnlyList<string> Outputs)
{
    public string Name => $"{Verb}-{Noun}";

    /// <summary>The types of objects that can be piped to it.</summary>
    public IEnumerable<string> Inputs =>
        Parameters.Where(parameter => parameter.Pipeline.Contains("ByValue", StringComparison.Ordinal)).Select(parameter => parameter.TypeName.TrimEnd('[', ']')).Distinct(StringComparer.Ordinal);

    /// <summary>The cmdlets of an assembly, whose dependencies lie beside it.</summary>
    public static IReadOnlyList<CmdletInfo> ReadAll(string assembly)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(assembly))!;
        var context = new AssemblyLoadContext("help");
        context.Resolving += (loader, name) =>
            Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file) ? loader.LoadFromAssemblyPath(file) : null;
        return [.. context.LoadFromAssemblyPath(Path.GetFullPath(assembly)).GetExportedTypes()
            .Select(Read).OfType<CmdletInfo>().OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
    }

    // Attributes are read as data: the library that cmdlets are compiled against cannot run.
    private static CmdletInfo? Read(Type type)
    {
        if (Find(type.CustomAttributes, "CmdletAttribute").FirstOrDefault() is not { } declaration) return null;
        var parameters = type.GetProperties().SelectMany(ParameterInfo.Read).ToList();
        if (declaration.NamedArguments.Any(argument => argument is { MemberName: "SupportsShouldProcess", TypedValue.Value: true }))
            parameters.AddRange(ParameterInfo.Confirmation);
        var named = parameters.Select(parameter => parameter.Set).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var outputs = Find(type.CustomAttributes, "OutputTypeAttribute")
            .SelectMany(attribute => attribute.ConstructorArguments.SelectMany(Types))
            .Where(output => output != typeof(void))
            .Select(output => output.FullName!)
            .ToList();
        return new CmdletInfo(
            (string)declaration.ConstructorArguments[0].Value!, (string)declaration.ConstructorArguments[1].Value!,
            parameters, named.Count > 0 ? named : ["All"], outputs);
    }

    private static IEnumerable<Type> Types(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        Type type => [type],
        IEnumerable<CustomAttributeTypedArgument> many => many.SelectMany(Types),
        _ => [],
    };

    private static IEnumerable<CustomAttributeData> Find(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.Where(attribute => attribute.AttributeType.Name == name);
}
