using System.Globalization;
using System.Reflection;

namespace StratusLab.Architecture.Tests;

/// <summary>Types and members written as in C#, with nullability, default values and <c>required</c>.</summary>
internal static class SignatureText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(float)] = "float",
        [typeof(char)] = "char", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(void)] = "void",
    };

    public static string Of(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => $"delegate {Parameters(type.GetMethod("Invoke")!)}",
            _ when type.GetMethod("<Clone>$") is not null => "record",
            _ => "class",
        };
        var modifier = type switch
        {
            { IsInterface: true } or { IsValueType: true } => "",
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        var bases = new[] { type.BaseType }.Concat(type.IsEnum ? [] : type.GetInterfaces())
            .Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) && parent.IsVisible && !parent.Name.StartsWith("IEquatable", StringComparison.Ordinal))
            .Select(parent => Name(parent!));
        var list = string.Join(", ", bases);
        return $"{modifier}{kind} {type.Namespace}.{Name(type)}{(list.Length > 0 ? $" : {list}" : "")}";
    }

    /// <summary>The line of a member; null for what others cannot see.</summary>
    public static string? Of(string owner, MemberInfo member) => member switch
    {
        FieldInfo field when field.IsPublic || field.IsFamily =>
            $"{owner}.{field.Name}: {(field.IsLiteral ? "const " : field.IsInitOnly ? "readonly " : "")}{Name(Context.Create(field))}{(field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "")}",
        PropertyInfo property => Of(owner, property),
        ConstructorInfo constructor when IsVisible(constructor) => $"{owner}.new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && !method.Name.Contains('.', StringComparison.Ordinal) =>
            $"{owner}.{method.Name}{Generic(method)}({Parameters(method)}): {Name(Context.Create(method.ReturnParameter))}{(method.IsStatic ? " static" : "")}",
        EventInfo happening when happening.AddMethod is { } add && IsVisible(add) => $"{owner}.{happening.Name}: event {Name(happening.EventHandlerType!)}",
        _ => null,
    };

    public static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (type.IsByRef) return $"ref {Name(type.GetElementType()!)}";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return $"{Name(underlying)}?";
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (!type.IsGenericType) return name;
        return $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    // It keeps what it has read, and is not meant for many threads.
    private static NullabilityInfoContext Context => new();

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type;
        var mark = info.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (info.ElementType is { } element && type.IsArray) return $"{Name(element)}[]{mark}";
        if (type.IsGenericType && Nullable.GetUnderlyingType(type) is null)
            return $"{type.Name.Split('`')[0]}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>{mark}";
        return Name(type) + mark;
    }

    private static string? Of(string owner, PropertyInfo property)
    {
        var canGet = property.GetMethod is { } getter && IsVisible(getter);
        var canSet = property.SetMethod is { } setter && IsVisible(setter);
        if (!canGet && !canSet) return null;
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") == true;
        var required = property.CustomAttributes.Any(data => data.AttributeType.Name == "RequiredMemberAttribute") ? "required " : "";
        var access = (canGet ? "get;" : "") + (canSet ? isInit ? " init;" : " set;" : "");
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{owner}.{property.Name}{index}: {required}{Name(Context.Create(property))} {{ {access.Trim()} }}{((property.GetMethod ?? property.SetMethod)!.IsStatic ? " static" : "")}";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && method.DeclaringType?.IsSealed == false);

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var direction = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        var type = parameter.ParameterType.IsByRef ? Name(parameter.ParameterType.GetElementType()!) : Name(Context.Create(parameter));
        var fallback = parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "";
        return $"{direction}{type} {parameter.Name}{fallback}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
