using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace StratusLab.Architecture.Tests;

/// <summary>A project's assembly as the compiler wrote it: only what the code really uses is referenced.</summary>
internal sealed class CompiledAssembly
{
    private CompiledAssembly(string name, IReadOnlyList<string> references, IReadOnlyList<string> calls)
    {
        Name = name;
        References = references;
        Calls = calls;
    }

    public string Name { get; }

    /// <summary>Referenced assemblies that are not of the framework itself.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Members of other assemblies that are used, such as <c>Thread.Sleep</c>.</summary>
    public IReadOnlyList<string> Calls { get; }

    public static CompiledAssembly Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        using var portable = new PEReader(file);
        var metadata = portable.GetMetadataReader();
        var references = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(reference => !IsFramework(reference));
        return new CompiledAssembly(name, [.. references], [.. Members(metadata)]);
    }

    public static Assembly Load(string name) => Assembly.Load(new AssemblyName(name));

    private static bool IsFramework(string name) => File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), $"{name}.dll"));

    private static IEnumerable<string> Members(MetadataReader metadata)
    {
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (TypeName(metadata, member.Parent) is { } type) yield return $"{type}.{metadata.GetString(member.Name)}";
        }
    }

    private static string? TypeName(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference) return metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name);
        if (parent.Kind != HandleKind.TypeSpecification) return null;
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        blob.ReadByte();
        var definition = blob.ReadTypeHandle();
        return definition.Kind == HandleKind.TypeReference ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)definition).Name) : null;
    }
}
