using System.Reflection;
using System.Runtime.CompilerServices;

namespace StratusLab.Architecture.Tests;

/// <summary>What other assemblies see of one: a line per type and per member, each complete in itself.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(SignatureText.Of(type)));

    private static IEnumerable<string> Members(Type type)
    {
        var owner = SignatureText.Name(type);
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{owner}.{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        if (typeof(Delegate).IsAssignableFrom(type)) return [];
        return type.GetMembers(Declared).Where(member => !IsGenerated(type, member)).Select(member => SignatureText.Of(owner, member)).OfType<string>();
    }

    // What the compiler adds to a record follows from the record's own line.
    private static bool IsGenerated(Type type, MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && member is not PropertyInfo
        || member.Name is "EqualityContract" or "PrintMembers" or "<Clone>$"
        || (member is MethodInfo { IsSpecialName: true } method && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || (IsRecord(type) && member is ConstructorInfo constructor && constructor.GetParameters() is [var only] && only.ParameterType == type);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
