using System.Reflection;
using Xunit;

namespace StratusLab.Architecture.Tests;

/// <summary>Whatever takes time can be cancelled, in the same way everywhere.</summary>
public sealed class AsyncTests
{
    public static TheoryData<string> Libraries => [.. Repository.Projects("src").Where(project => project != "StratusLab.PowerShell")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Public_asynchronous_method_takes_a_token_last_that_may_be_left_out(string project)
    {
        var wrong = CompiledAssembly.Load(project).GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => IsAsynchronous(method) && IsOurs(method) && !EndsWithOptionalToken(method))
            .Select(method => $"{method.DeclaringType}.{method.Name}");
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Public_asynchronous_method_is_named_so(string project)
    {
        var wrong = CompiledAssembly.Load(project).GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => IsAsynchronous(method) && IsOurs(method) && !method.IsSpecialName && !method.Name.EndsWith("Async", StringComparison.Ordinal))
            .Select(method => $"{method.DeclaringType}.{method.Name}");
        Assert.Empty(wrong);
    }

    private static bool IsAsynchronous(MethodInfo method)
    {
        var type = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericTypeDefinition() : method.ReturnType;
        return type == typeof(Task) || type == typeof(Task<>) || type == typeof(ValueTask) || type == typeof(ValueTask<>) || type == typeof(IAsyncEnumerable<>);
    }

    // The framework decides the shape of what overrides or implements its own, and the compiler that of delegates.
    private static bool IsOurs(MethodInfo method) =>
        method.GetBaseDefinition().DeclaringType == method.DeclaringType
        && !method.DeclaringType!.IsSubclassOf(typeof(Delegate))
        && !method.IsSpecialName
        && method.Name is not (nameof(IAsyncDisposable.DisposeAsync) or nameof(IAsyncEnumerable<>.GetAsyncEnumerator));

    private static bool EndsWithOptionalToken(MethodInfo method) =>
        method.GetParameters() is [.., { HasDefaultValue: true } last] && last.ParameterType == typeof(CancellationToken);
}
