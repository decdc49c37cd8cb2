using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>The images on a simulated host. Each member is called under the host's lock.</summary>
internal sealed class SimImageStore(SimHost host)
{
    private readonly Dictionary<string, SimImage> _images = new(StringComparer.Ordinal);

    public ByteSize Length => new(_images.Values.Sum(image => image.Length.Bytes));

    public SimImage? Find(string diskDigest) => _images.GetValueOrDefault(diskDigest);

    public bool IsUsable(string diskDigest) => Find(diskDigest) is { IsUsable: true };

    public bool IsDamaged(string diskDigest) => host.Faults.DamagedDisk == diskDigest;

    public int UseCount(string diskDigest) => host.Vms.Count(vm => vm.Request?.Image.DiskDigest == diskDigest);

    public IReadOnlyList<HostImage> List(string name) => [.. _images.Values.Select(image => Describe(image, name))];

    public void Add(ImageDescriptor image, byte[]? disk)
    {
        if (IsDamaged(image.DiskDigest)) host.Faults.DamagedDisk = null;
        _images[image.DiskDigest] = new SimImage(image, disk) { PlacedAt = host.Clock.GetUtcNow() };
    }

    public void Touch(string diskDigest)
    {
        if (Find(diskDigest) is { } image) _images[diskDigest] = image with { LastUsedAt = host.Clock.GetUtcNow() };
    }

    public void Remove(string diskDigest, string name)
    {
        if (UseCount(diskDigest) == 0) _images.Remove(diskDigest);
        else if (IsDamaged(diskDigest) && Find(diskDigest) is { } image) _images[diskDigest] = image with { IsUsable = false };
        else throw SimErrors.ImageInUse(name, diskDigest);
    }

    /// <summary>Makes room for an image within a limit: what was used least recently goes first.</summary>
    public void MakeRoom(ImageDescriptor image, ByteSize limit, string name)
    {
        var need = Length.Bytes + image.DiskLength - limit.Bytes;
        List<SimImage> going = [];
        foreach (var candidate in _images.Values.Where(i => UseCount(i.Digest) == 0).OrderBy(i => i.LastUsedAt ?? i.PlacedAt))
        {
            if (need <= 0) break;
            going.Add(candidate);
            need -= candidate.Length.Bytes;
        }

        if (need > 0) throw SimErrors.ImageCacheFull(name, image, limit);
        foreach (var gone in going) _images.Remove(gone.Digest);
    }

    private HostImage Describe(SimImage image, string name) => new(name, image.Digest, image.Length, WasSent: false)
    {
        UseCount = UseCount(image.Digest),
        LastUsedAt = image.LastUsedAt,
        IsUsable = image.IsUsable,
    };
}
