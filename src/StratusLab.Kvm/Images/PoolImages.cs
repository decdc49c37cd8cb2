using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The images in a pool at one moment, by the names of its volumes.</summary>
internal sealed class PoolImages
{
    private readonly ILookup<string, ImageMark> _marks;
    private readonly HashSet<string> _volumes;

    private PoolImages(IEnumerable<string> volumes)
    {
        _volumes = volumes.ToHashSet(StringComparer.Ordinal);
        _marks = _volumes.Select(ImageNames.FromMark).OfType<ImageMark>().ToLookup(mark => mark.Names.Digest, StringComparer.Ordinal);
        Bases = [.. _volumes.Select(volume => ImageNames.FromBase(volume) is { } names ? Describe(names, volume) : null).OfType<ImageBase>()];
    }

    /// <summary>All volumes that hold disks, complete or not.</summary>
    public IReadOnlyList<ImageBase> Bases { get; }

    public static PoolImages In(IEnumerable<StorageVolumeRef> volumes) => new(volumes.Select(volume => volume.Name));

    public static async Task<PoolImages> ReadAsync(LibvirtConnection connection, VolumePool pool, CancellationToken cancellationToken) =>
        In(await connection.Volumes.ListAsync(pool.Ref, cancellationToken).ConfigureAwait(false));

    /// <summary>The newest generation of a disk, complete or not.</summary>
    public ImageBase? Newest(ImageNames names, DiskFormat format) =>
        Of(names).Where(found => found.Names.Base(format) == found.Volume).MaxBy(found => found.Names.Generation);

    /// <summary>The newest generation of a disk that may be built on, in one format or in any; null if there is none.</summary>
    public ImageBase? Usable(ImageNames names, DiskFormat? format = null) =>
        Of(names).Where(found => found.IsUsable && (format is not { } known || found.Names.Base(known) == found.Volume)).MaxBy(found => found.Names.Generation);

    /// <summary>All generations of a disk.</summary>
    public IEnumerable<ImageBase> Of(ImageNames names) => Bases.Where(found => found.Names.Digest == names.Digest);

    /// <summary>Whether there is a record of when the disk was used last.</summary>
    public bool HasUseRecord(ImageNames names) => _volumes.Contains(names.UseRecord);

    /// <summary>All volumes about a disk except those that hold it.</summary>
    public IEnumerable<string> NotesOn(ImageNames names) =>
        _marks[names.Digest].Select(mark => mark.Volume).Concat(_volumes.Where(volume => (ImageNames.FromRetired(volume) ?? ImageNames.FromUseRecord(volume))?.Digest == names.Digest));

    /// <summary>The marks of one generation, also where its disk is gone.</summary>
    public IEnumerable<string> MarksOf(ImageNames names) => _marks[names.Digest].Where(mark => mark.Names == names).Select(mark => mark.Volume);

    private ImageBase Describe(ImageNames names, string volume) => new(names, volume)
    {
        Marks = [.. _marks[names.Digest].Where(mark => mark.Names == names)],
        IsRetired = _volumes.Contains(names.Retired),
    };
}
