using System.Collections.ObjectModel;
using System.Globalization;
using System.Reflection;

namespace StratusLab.Build.Help;

/// <summary>A parameter of a cmdlet in one parameter set; a null set stands for all of them.</summary>
internal sealed record ParameterInfo(string Name, string TypeName, string? Set)
{
    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["Int32"] = "int", ["Double"] = "double", ["String"] = "string", ["Boolean"] = "bool",
    };

    /// <summary>What <c>SupportsShouldProcess</c> adds.</summary>
    public static IReadOnlyList<ParameterInfo> Confirmation { get; } =
    [
        new("WhatIf", "SwitchParameter", null) { Aliases = ["wi"] },
        new("Confirm", "SwitchParameter", null) { Aliases = ["cf"] },
    ];

    public bool IsMandatory { get; init; }

    public int? Position { get; init; }

    public string Pipeline { get; init; } = "False";

    public bool HasWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<string> Values { get; init; } = [];

    public bool IsSwitch => TypeName == "SwitchParameter";

    /// <summary>The parameter that a property declares, once per parameter set.</summary>
    public static IEnumerable<ParameterInfo> Read(PropertyInfo property)
    {
        var attributes = property.CustomAttributes.ToList();
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        foreach (var declaration in attributes.Where(attribute => attribute.AttributeType.Name == "ParameterAttribute"))
        {
            var values = declaration.NamedArguments.ToDictionary(argument => argument.MemberName, argument => argument.TypedValue.Value, StringComparer.Ordinal);
            yield return new ParameterInfo(property.Name, Shorten(type), values.GetValueOrDefault("ParameterSetName") as string)
            {
                IsMandatory = values.GetValueOrDefault("Mandatory") is true,
                Position = values.GetValueOrDefault("Position") as int?,
                Pipeline = (values.GetValueOrDefault("ValueFromPipeline") is true, values.GetValueOrDefault("ValueFromPipelineByPropertyName") is true) switch
                {
                    (true, true) => "True (ByValue, ByPropertyName)",
                    (true, false) => "True (ByValue)",
                    (false, true) => "True (ByPropertyName)",
                    _ => "False",
                },
                HasWildcards = attributes.Exists(attribute => attribute.AttributeType.Name == "SupportsWildcardsAttribute"),
                Aliases = Strings(attributes, "AliasAttribute"),
                Values = type.IsEnum ? Enum.GetNames(type) : Strings(attributes, "ValidateSetAttribute"),
            };
        }
    }

    private static string Shorten(Type type) =>
        type.IsArray ? Shorten(type.GetElementType()!) + "[]" : ShortNames.GetValueOrDefault(type.Name, type.Name);

    private static IReadOnlyList<string> Strings(List<CustomAttributeData> attributes, string name) =>
    [
        .. attributes.Where(attribute => attribute.AttributeType.Name == name)
            .SelectMany(attribute => attribute.ConstructorArguments)
            .SelectMany(argument => argument.Value as ReadOnlyCollection<CustomAttributeTypedArgument> ?? new([argument]))
            .Select(argument => Convert.ToString(argument.Value, CultureInfo.InvariantCulture)!),
    ];
}
