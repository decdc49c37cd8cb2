using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace StratusLab.PowerShell;

/// <summary>
/// Holds everything in <c>deps/</c>, so that another module's version of the same library in the same session cannot clash with ours.
/// </summary>
internal sealed class DependencyContext : AssemblyLoadContext
{
    private readonly string _folder;

    private DependencyContext(string folder)
        : base("StratusLab") => _folder = folder;

    /// <summary>The context of this module's folder; assemblies are loaded into it as they are first needed.</summary>
    public static DependencyContext Instance { get; } =
        new(Path.Combine(Path.GetDirectoryName(typeof(DependencyContext).Assembly.Location) ?? string.Empty, "deps"));

    /// <summary>
    /// Answers the default context for our own assemblies only. It stays in place for the life of the process, because assemblies
    /// that were loaded cannot be unloaded and other runspaces may have the module too.
    /// </summary>
    public static Assembly? Resolve(AssemblyLoadContext _, AssemblyName name) =>
        name.Name?.StartsWith("StratusLab.", StringComparison.Ordinal) == true ? Instance.Load(name) : null;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The model is shared with scripts and cmdlet signatures: there must be one of it.
        if (assemblyName.Name == typeof(Core.VirtualMachine).Assembly.GetName().Name) return typeof(Core.VirtualMachine).Assembly;

        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var rid in RuntimeIdentifiers())
        {
            var native = Path.Combine(_folder, "runtimes", rid, "native");
            foreach (var file in FileNames(unmanagedDllName))
            {
                var path = Path.Combine(native, file);
                if (File.Exists(path)) return LoadUnmanagedDllFromPath(path);
            }
        }

        return IntPtr.Zero;
    }

    // The runtime's own identifier is that of a distribution where the runtime was built from source.
    private static string[] RuntimeIdentifiers()
    {
        var own = RuntimeInformation.RuntimeIdentifier;
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
#pragma warning disable CA1308 // Runtime identifiers are lower case.
        return [own, $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}"];
#pragma warning restore CA1308
    }

    private static string[] FileNames(string name) =>
        OperatingSystem.IsWindows() ? [name + ".dll", name]
        : OperatingSystem.IsMacOS() ? [$"lib{name}.dylib", name]
        : [$"lib{name}.so", name];
}
