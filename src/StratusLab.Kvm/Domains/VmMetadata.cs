using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>What a domain's own metadata says of the VM, so that every site that looks at the host sees the same.</summary>
internal sealed record VmMetadata
{
    public required Guid RequestId { get; init; }

    public required string Owner { get; init; }

    public required string Site { get; init; }

    public string? Fleet { get; init; }

    public string? Size { get; init; }

    public string? ImageName { get; init; }

    public string? ImageVersion { get; init; }

    public string? ImageDigest { get; init; }

    public string? DiskDigest { get; init; }

    public string? DefaultUser { get; init; }

    /// <summary>Which attempt at the creation made the VM, and with it the names of its volumes: <see cref="VolumeNames.Attempt"/>.</summary>
    public string? Attempt { get; init; }

    /// <summary>The pool that holds the VM's volumes.</summary>
    public string? Pool { get; init; }

    /// <summary>Virtual size of the system disk.</summary>
    public ByteSize Disk { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? PlacementReason { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public static VmMetadata Of(VmRequest request, string attempt, string pool, ByteSize disk) => new()
    {
        RequestId = request.RequestId,
        Owner = request.Owner,
        Site = request.Site,
        Fleet = request.Fleet,
        Size = request.Size,
        ImageName = request.Image.Name,
        ImageVersion = request.Image.Version,
        ImageDigest = request.Image.Digest,
        DiskDigest = request.Image.DiskDigest,
        DefaultUser = request.Image.DefaultUser,
        Attempt = attempt,
        Pool = pool,
        Disk = disk,
        CreatedAt = request.CreatedAt,
        ExpiresAt = request.ExpiresAt,
        PlacementReason = request.PlacementReason,
        Labels = request.Labels,
    };
}
