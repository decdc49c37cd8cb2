using System.Runtime.CompilerServices;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The sizes of a site: the built-in ones and its own.</summary>
public sealed class SizeRegistry
{
    /// <summary>The size of a VM for which none was asked.</summary>
    public const string Default = "small";

    /// <summary>The most virtual CPUs of a VM.</summary>
    public const int MaxCpu = 1024;

    private static readonly ByteSize MinMemory = ByteSize.FromMiB(16);
    private static readonly ByteSize MaxMemory = ByteSize.FromGiB(64 << 10);
    private static readonly ByteSize MaxDisk = ByteSize.FromGiB(1 << 20);

    // Their disk is the image's own: what a guest needs is known to whoever made the image.
    private static readonly VmSize[] BuiltIn =
    [
        new("tiny", 1, ByteSize.FromMiB(256), ByteSize.Zero) { IsBuiltIn = true },
        new("small", 1, ByteSize.FromGiB(1), ByteSize.Zero) { IsBuiltIn = true },
        new("medium", 2, ByteSize.FromGiB(4), ByteSize.Zero) { IsBuiltIn = true },
        new("large", 4, ByteSize.FromGiB(8), ByteSize.Zero) { IsBuiltIn = true },
        new("xlarge", 8, ByteSize.FromGiB(16), ByteSize.Zero) { IsBuiltIn = true },
    ];

    private readonly SiteCatalogue _catalogue;

    internal SizeRegistry(SiteCatalogue catalogue) => _catalogue = catalogue;

    /// <summary>The sizes, the smallest first.</summary>
    public async IAsyncEnumerable<VmSize> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var own = await _catalogue.ReadAsync(c => c.Query("SELECT name, cpu, memory, disk FROM size", Read), cancellationToken).ConfigureAwait(false);
        foreach (var size in BuiltIn.Concat(own).OrderBy(s => s.Cpu).ThenBy(s => s.Memory).ThenBy(s => s.Name, StringComparer.OrdinalIgnoreCase))
            yield return size;
    }

    /// <summary>One size; names are compared without regard to case.</summary>
    /// <exception cref="StratusException"><c>SizeNotFound</c>; the message lists those that are there.</exception>
    public async Task<VmSize> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        await foreach (var size in ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(size.Name, name, StringComparison.OrdinalIgnoreCase)) return size;
            names.Add(size.Name);
        }

        throw new StratusException("SizeNotFound", StratusErrorKind.NotFound, $"There is no size '{name}'. There are: {string.Join(", ", names)}.") { Resource = name };
    }

    /// <summary>Adds a size of the site's own.</summary>
    /// <exception cref="InvalidInputException">The name or a figure is out of range.</exception>
    /// <exception cref="StratusException"><c>SizeAlreadyExists</c>.</exception>
    public async Task<VmSize> AddAsync(VmSize size, CancellationToken cancellationToken = default)
    {
        ResourceName.Validate(size.Name, "size name");
        Validate(size.Cpu, size.Memory, size.Disk);
        if (BuiltIn.Any(s => string.Equals(s.Name, size.Name, StringComparison.OrdinalIgnoreCase))) throw Exists(size.Name);
        var added = await _catalogue.WriteAsync(
            c => c.Execute(
                "INSERT INTO size (name, cpu, memory, disk) VALUES (@name, @cpu, @memory, @disk) ON CONFLICT DO NOTHING",
                ("@name", size.Name),
                ("@cpu", size.Cpu),
                ("@memory", size.Memory.Bytes),
                ("@disk", size.Disk.Bytes)),
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return added == 1 ? size with { IsBuiltIn = false } : throw Exists(size.Name);
    }

    /// <summary>Removes a size of the site's own.</summary>
    /// <exception cref="StratusException"><c>SizeNotFound</c>; <c>SizeIsBuiltIn</c>.</exception>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        var size = await GetAsync(name, cancellationToken).ConfigureAwait(false);
        if (size.IsBuiltIn)
            throw new StratusException("SizeIsBuiltIn", StratusErrorKind.InvalidState, $"The size '{size.Name}' is built in and cannot be removed.") { Resource = name };
        await _catalogue.WriteAsync(c => c.Execute("DELETE FROM size WHERE name = @name", ("@name", name)), cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks figures of a VM against what makes sense anywhere.</summary>
    internal static void Validate(int cpu, ByteSize memory, ByteSize disk)
    {
        if (cpu is < 1 or > MaxCpu)
            throw new InvalidInputException("InvalidCpu", $"{cpu} virtual CPUs are not possible: use 1 to {MaxCpu}.", "Cpu");
        if (memory < MinMemory || memory > MaxMemory)
            throw new InvalidInputException("InvalidMemory", $"{memory} of memory is not possible: use {MinMemory} to {MaxMemory}, such as 2GB.", "Memory");
        if (disk < ByteSize.Zero || disk > MaxDisk)
            throw new InvalidInputException("InvalidDisk", $"A disk of {disk} is not possible: use up to {MaxDisk}, or 0 for the image's own size.", "Disk");
    }

    private static VmSize Read(DbDataReader r) => new(r.GetString(0), r.GetInt32(1), new ByteSize(r.GetInt64(2)), new ByteSize(r.GetInt64(3)));

    private static StratusException Exists(string name) =>
        new("SizeAlreadyExists", StratusErrorKind.AlreadyExists, $"There is a size '{name}' already.") { Resource = name };
}
