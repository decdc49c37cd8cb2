using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class ImagePublishTests : IAsyncLifetime
{
    private const int C = Qcow2File.Cluster;
    private TestSite _test = null!;

    public static TheoryData<string, byte[], string> Unusable => new()
    {
        { "text", Encoding.UTF8.GetBytes("Dear maintainer,\nthis is not a disk.\n"), "a text file" },
        { "xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "xz" },
        { "zip", "PK\x03\x04\x14\0\0\0"u8.ToArray(), "zip" },
        { "vmdk", [.. "KDMV"u8, .. new byte[600]], "VMDK" },
        { "vdi", [.. "<<< Oracle VM VirtualBox Disk Image >>>\n"u8, .. new byte[600]], "VDI" },
        { "iso", Iso(), "ISO 9660" },
        { "zeros", new byte[1 << 20], "boot sector" },
        { "odd", OddRaw(), "cut short" },
        { "cut partition", CutPartition(), "beyond the end" },
        { "version 9", new Qcow2File().U32(4, 9).Bytes, "version is 9" },
        { "header cut", new Qcow2File().CutTo(60).Bytes, "within its header" },
        { "cluster bits", new Qcow2File().U32(20, 40).Bytes, "cluster size" },
        { "backing", new Qcow2File().Backing("/etc/shadow").Bytes, "'/etc/shadow'" },
        { "backing off", new Qcow2File().U64(8, 1UL << 60).U32(16, 5).Bytes, "another file" },
        { "external data", new Qcow2File().U64(72, 4).Bytes, "in another file" },
        { "corrupt bit", new Qcow2File().U64(72, 2).Bytes, "marked corrupt" },
        { "dirty bit", new Qcow2File().U64(72, 1).Bytes, "not closed cleanly" },
        { "unknown bit", new Qcow2File().U64(72, 1UL << 40).Bytes, "not known here" },
        { "encrypted", new Qcow2File().U32(32, 2).Bytes, "encrypted" },
        { "no size", new Qcow2File().U64(24, 0).Bytes, "virtual size" },
        { "huge size", new Qcow2File().U64(24, ulong.MaxValue).Bytes, "virtual size" },
        { "small L1", new Qcow2File().U32(36, 0).Bytes, "L1 table" },
        { "huge L1", new Qcow2File().U32(36, uint.MaxValue).Bytes, "L1 table" },
        { "L1 outside", new Qcow2File().U64(40, 100 * C).Bytes, "L1 table" },
        { "L1 unaligned", new Qcow2File().U64(40, 3 * C + 8).Bytes, "L1 table" },
        { "L1 wraps", new Qcow2File().U64(40, ulong.MaxValue - C + 1).Bytes, "L1 table" },
        { "refcount outside", new Qcow2File().U64(48, 100 * C).Bytes, "refcount table" },
        { "huge refcount", new Qcow2File().U32(56, uint.MaxValue).Bytes, "refcount table" },
        { "L2 outside", new Qcow2File().U64(3 * C, 100 * C).Bytes, "L2 table" },
        { "data cut off", new Qcow2File().CutTo(5 * C).Bytes, "cut short" },
    };

    public async Task InitializeAsync() => _test = await TestSite.OpenAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    public static TheoryData<string, byte[], string> UnusablePacked => new()
    {
        { "no gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], "no whole gzip" },
        { "cut", Pack(new Qcow2File().Bytes)[..200], "no whole gzip" },
        { "text", Pack(Encoding.UTF8.GetBytes("Dear maintainer,\nthis is not a disk.\n")), "a text file" },
        { "gzip in gzip", Pack(Pack(new Qcow2File().Bytes)), "compressed with gzip" },
        { "backing", Pack(new Qcow2File().Backing("/etc/shadow").Bytes), "'/etc/shadow'" },
    };

    [Theory]
    [MemberData(nameof(UnusablePacked), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_disk_is_refused_also_when_it_is_compressed(string name, byte[] content, string says)
    {
        var path = Write($"{name}.gz", content);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PublishAsync(path));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Empty(await _test.Site.Images.ListAsync().ToListAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", "blobs", "sha256")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", ".staging")));
    }

    [Fact]
    public async Task A_disk_that_begins_like_a_gzip_of_no_known_method_is_a_disk()
    {
        var disk = new byte[1 << 20];
        (disk[0], disk[1], disk[2], disk[510], disk[511]) = (0x1F, 0x8B, 7, 0x55, 0xAA);
        var image = await PublishAsync(Write("disk.raw", disk));
        Assert.Equal(disk.Length, image.StoredSize.Bytes);
    }

    [Fact]
    public async Task A_disk_that_comes_compressed_is_the_disk_that_is_in_it()
    {
        var disk = new Qcow2File().Bytes;

        var image = await PublishAsync(Write("disk.qcow2.gz", Pack(disk)));

        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(disk))}", image.DiskDigest);
        Assert.Equal(disk.Length, image.StoredSize.Bytes);
        Assert.Equal(DiskFormat.Qcow2, image.Format);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packing = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest)) packing.Write(content);
        return packed.ToArray();
    }

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)] // else each byte of each image becomes part of a name
    public async Task What_is_no_disk_is_named_and_nothing_is_stored(string name, byte[] content, string says)
    {
        var path = Write(name, content);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PublishAsync(path));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_test.Site.Folder, "images")));
    }

    [Theory]
    [InlineData("../evil", "latest")]
    [InlineData("a/b", "latest")]
    [InlineData("Upper", "latest")]
    [InlineData("", "latest")]
    [InlineData("a..b", "latest")]
    [InlineData("ok", "../1")]
    [InlineData("ok", "1:2")]
    [InlineData("ok", "")]
    [InlineData("ok", "1\n")]
    public async Task Names_and_versions_that_could_be_paths_are_refused(string name, string version)
    {
        var path = Write("disk", new Qcow2File().Bytes);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _test.Site.Images.PublishAsync(new ImagePublication { Path = path, Name = name, Version = version }));
        Assert.StartsWith("InvalidImage", error.ErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_qcow2_image_is_stored_by_its_digest_and_read_back()
    {
        var content = new Qcow2File().Bytes;
        var image = await PublishAsync(Write("disk", content));

        Assert.Equal((DiskFormat.Qcow2, 10L << 20, content.Length), (image.Format, image.VirtualSize.Bytes, image.StoredSize.Bytes));
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)), image.DiskDigest);
        Assert.Equal(Firmware.Bios, image.Firmware);
        await using var stream = await _test.Site.Images.Open(image).OpenAsync();
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public async Task The_same_again_is_the_same_image_and_other_content_moves_the_name()
    {
        var path = Write("disk", new Qcow2File().Bytes);
        var first = await PublishAsync(path);
        var again = await PublishAsync(path);
        Assert.Equal(first, again);

        var other = new Qcow2File();
        other.Bytes[^1] = 1;
        var moved = await PublishAsync(Write("other", other.Bytes));

        Assert.NotEqual(first.Digest, moved.Digest);
        Assert.Equal(moved, Assert.Single(await _test.Site.Images.ListAsync().ToListAsync()));
        Assert.Equal(3, Blobs());
    }

    [Fact]
    public async Task Images_are_found_by_name_version_and_digest()
    {
        var path = Write("disk", new Qcow2File().Bytes);
        var one = await PublishAsync(path, "1");
        Assert.Equal(one, await _test.Site.Images.GetAsync("debian"));
        var two = await PublishAsync(path, "2");

        Assert.Equal(two, await _test.Site.Images.GetAsync("debian:2"));
        Assert.Equal(one, await _test.Site.Images.GetAsync(one.Digest));
        var error = await Assert.ThrowsAsync<StratusException>(() => _test.Site.Images.GetAsync("debian"));
        Assert.Contains("1, 2", error.Message, StringComparison.Ordinal);
        var latest = await PublishAsync(path, "latest");
        Assert.Equal(latest, await _test.Site.Images.GetAsync("debian"));
        Assert.Equal("ImageNotFound", (await Assert.ThrowsAsync<StratusException>(() => _test.Site.Images.GetAsync("../debian"))).ErrorId);
    }

    [Fact]
    public async Task Removing_keeps_a_disk_that_another_image_shares()
    {
        var path = Write("disk", new Qcow2File().Bytes);
        var one = await PublishAsync(path, "1");
        var two = await PublishAsync(path, "2");

        await _test.Site.Images.RemoveAsync("debian:1");
        await using (await _test.Site.Images.Open(two).OpenAsync()) Assert.Equal(3, Blobs());
        await _test.Site.Images.RemoveAsync("debian:2");

        Assert.Equal(0, Blobs());
        await Assert.ThrowsAsync<StratusException>(() => _test.Site.Images.RemoveAsync(one.Digest));
    }

    [Fact]
    public async Task A_disk_with_an_efi_partition_only_boots_with_uefi_unless_said_otherwise()
    {
        var path = Write("efi", GptDisk(withEfi: true, withBios: false));
        Assert.Equal(Firmware.Uefi, (await PublishAsync(path)).Firmware);
        Assert.Equal(Firmware.Bios, (await PublishAsync(Write("both", GptDisk(withEfi: true, withBios: true)))).Firmware);
        var told = await _test.Site.Images.PublishAsync(new ImagePublication { Path = path, Name = "debian", Firmware = Firmware.Bios });
        Assert.Equal(Firmware.Bios, told.Firmware);
    }

    [Fact]
    public async Task Holes_stay_holes()
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Path.Combine(Path.GetDirectoryName(_test.Site.Folder)!, "sparse.raw");
        TestDisk.WriteRaw(path, 1, 1);
        await using (var file = new FileStream(path, FileMode.Open)) file.SetLength(1L << 30);

        var image = await PublishAsync(path);

        var stored = Path.Combine(_test.Site.Folder, "images", "blobs", "sha256", image.DiskDigest[7..]);
        Assert.Equal(1L << 30, new FileInfo(stored).Length);
        var used = await RunAsync("du", "-k", stored);
        Assert.True(int.Parse(used.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture) < 10 << 10, used);
        await using var stored2 = File.OpenRead(stored);
        Assert.Equal(image.DiskDigest[7..], Convert.ToHexStringLower(await SHA256.HashDataAsync(stored2)));
    }

    [Fact]
    public async Task Cancelling_leaves_nothing()
    {
        var path = Path.Combine(Path.GetDirectoryName(_test.Site.Folder)!, "big.raw");
        TestDisk.WriteRaw(path, 64, 1);
        using var stop = new CancellationTokenSource();
        var progress = new Stopper(stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _test.Site.Images.PublishAsync(new ImagePublication { Path = path, Name = "big" }, progress, stop.Token));

        Assert.Empty(await _test.Site.Images.ListAsync().ToListAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", ".staging")));
    }

    private Task<StratusImage> PublishAsync(string path, string version = "latest") =>
        _test.Site.Images.PublishAsync(new ImagePublication { Path = path, Name = "debian", Version = version });

    private int Blobs() => Directory.EnumerateFiles(Path.Combine(_test.Site.Folder, "images", "blobs"), "*", SearchOption.AllDirectories).Count();

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(Path.GetDirectoryName(_test.Site.Folder)!, name + ".img");
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Iso()
    {
        var iso = new byte[64 << 10];
        "CD001"u8.CopyTo(iso.AsSpan(32769));
        (iso[510], iso[511]) = (0x55, 0xAA);
        return iso;
    }

    private static byte[] OddRaw()
    {
        var raw = new byte[(1 << 20) + 100];
        (raw[510], raw[511]) = (0x55, 0xAA);
        return raw;
    }

    private static byte[] CutPartition()
    {
        var raw = new byte[1 << 20];
        (raw[510], raw[511], raw[450]) = (0x55, 0xAA, 0x83);
        BitConverter.TryWriteBytes(raw.AsSpan(454), 2048);
        BitConverter.TryWriteBytes(raw.AsSpan(458), 4096);
        return raw;
    }

    private static byte[] GptDisk(bool withEfi, bool withBios)
    {
        var disk = new byte[1 << 20];
        (disk[510], disk[511], disk[450]) = (0x55, 0xAA, 0xEE);
        "EFI PART"u8.CopyTo(disk.AsSpan(512));
        BitConverter.TryWriteBytes(disk.AsSpan(512 + 48), 2000L);
        BitConverter.TryWriteBytes(disk.AsSpan(512 + 72), 2L);
        BitConverter.TryWriteBytes(disk.AsSpan(512 + 80), 128);
        BitConverter.TryWriteBytes(disk.AsSpan(512 + 84), 128);
        if (withEfi) new Guid("C12A7328-F81F-11D2-BA4B-00A0C93EC93B").TryWriteBytes(disk.AsSpan(1024));
        if (withBios) new Guid("21686148-6449-6E6F-744E-656564454649").TryWriteBytes(disk.AsSpan(1024 + 128));
        return disk;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var info = new System.Diagnostics.ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments) info.ArgumentList.Add(argument);
        using var process = System.Diagnostics.Process.Start(info)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => stop.Cancel();
    }
}
