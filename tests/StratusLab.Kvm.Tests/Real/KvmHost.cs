using System.Security.Cryptography;
using StratusLab.Core;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Rig;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>One libvirt host with a second, small pool, for all real tests.</summary>
public sealed class KvmHost() : LibvirtHostFixture(new LibvirtHostOptions { SmallPoolMegabytes = 24 })
{
    private FileImage? _micro;

    internal FileImage Micro => _micro ?? throw new InvalidOperationException("No image: mark the test with [RequiresFact(Need.LibvirtHost, Need.MicroGuest)].");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        if (Requirement.WhyNot(Need.MicroGuest) is null) _micro = await FileImage.OfMicroAsync();
    }

    internal KvmProvider Connect(string? uri = null, string pool = "default", string network = "default", Accelerator accelerator = Accelerator.Tcg) =>
        (KvmProvider)new KvmProviderFactory().Create(new HostDefinition
        {
            Name = "node",
            Uri = uri ?? Host.Uri,
            Pool = pool,
            Network = network,
            Accelerator = accelerator,
        }, new MemoryCallJournal());

    internal VmRequest Request(string name) => new()
    {
        RequestId = Guid.NewGuid(),
        Name = name,
        Image = Micro.Descriptor,
        Cpu = 1,
        Memory = ByteSize.FromMiB(128),
        Owner = "tester@test",
        Site = "test",
        CreatedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>What is on the host beside images: domains and volumes.</summary>
    internal async Task<(string[] Domains, string[] Volumes)> LeftAsync(string pool = "default")
    {
        await Host.VirshAsync("pool-refresh", pool);
        var domains = await Host.VirshAsync("list", "--all", "--name");
        var volumes = await Host.VirshAsync("vol-list", pool);
        return (
            [.. domains.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            [.. volumes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split(' ')[0]).Where(v => v.Length > 0 && !v.StartsWith("stratus-image-", StringComparison.Ordinal))]);
    }
}

[CollectionDefinition("kvm host")]
public sealed class KvmHostCollection : ICollectionFixture<KvmHost>;

/// <summary>An image whose disk is a file.</summary>
internal sealed class FileImage(string path, ImageDescriptor descriptor) : ImageContent
{
    public override ImageDescriptor Descriptor { get; } = descriptor;

    public static async Task<FileImage> OfMicroAsync(Firmware firmware = Firmware.Bios)
    {
        var path = await GuestImages.MicroAsync();
        return new FileImage(path, await DescribeAsync("micro", path, DiskFormat.Qcow2, ByteSize.FromMiB(128), firmware));
    }

    public static async Task<ImageDescriptor> DescribeAsync(string name, string path, DiskFormat format, ByteSize size, Firmware firmware = Firmware.Bios)
    {
        await using var file = File.OpenRead(path);
        var digest = "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
        return new ImageDescriptor
        {
            Name = name,
            Version = "1",
            Digest = digest,
            DiskDigest = digest,
            DiskLength = file.Length,
            Format = format,
            VirtualSize = size,
            Firmware = firmware,
        };
    }

    public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true));
}
