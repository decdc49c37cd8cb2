using System.Buffers.Binary;
using System.Formats.Tar;
using StratusLab.Core;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;
using Command = StratusLab.Rig.Command;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Disks of other hypervisors, made and compared by qemu-img itself.</summary>
public sealed class ConversionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("convert-");

    public void Dispose() => _folder.Delete(recursive: true);

    [RequiresTheory(Need.QemuImg)]
    [InlineData("vmdk", "monolithicSparse")]
    [InlineData("vmdk", "streamOptimized")]
    [InlineData("vhdx", null)]
    [InlineData("vpc", null)]
    public async Task Foreign_disk_is_published_with_the_same_content(string format, string? kind)
    {
        await using var test = await TestSite.OpenAsync();
        var raw = await DiskAsync();
        var foreign = Path("foreign");
        await Command.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", format, .. kind is null ? (string[])[] : ["-o", $"subformat={kind}"], raw, foreign]);

        var image = await test.Site.Images.PublishAsync(new ImagePublication { Path = foreign, Name = "foreign" });

        Assert.Equal(DiskFormat.Qcow2, image.Format);
        await test.Site.ImageExporter.ExportAsync("foreign", Path("back.qcow2"), DiskFileFormat.Qcow2);
        await Command.RunAsync("qemu-img", ["compare", "-f", "raw", "-F", "qcow2", raw, Path("back.qcow2")]);
        Assert.Empty(Directory.EnumerateFiles(System.IO.Path.Combine(test.Folder, "scratch")));
    }

    [RequiresTheory(Need.QemuImg)]
    [InlineData(DiskFileFormat.Raw, "raw")]
    [InlineData(DiskFileFormat.Qcow2, "qcow2")]
    [InlineData(DiskFileFormat.Vmdk, "vmdk")]
    [InlineData(DiskFileFormat.Vhdx, "vhdx")]
    public async Task Image_is_exported_with_the_same_content(DiskFileFormat format, string name)
    {
        await using var test = await TestSite.OpenAsync();
        var raw = await DiskAsync();
        await test.Site.Images.PublishAsync(new ImagePublication { Path = raw, Name = "disk" });

        await test.Site.ImageExporter.ExportAsync("disk", Path("out"), format);

        await Command.RunAsync("qemu-img", ["compare", "-f", "raw", "-F", name, raw, Path("out")]);
        var there = await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageExporter.ExportAsync("disk", Path("out"), format));
        Assert.Equal("FileExists", there.ErrorId);
        await test.Site.ImageExporter.ExportAsync("disk", Path("out"), format, overwrite: true);
        Assert.Equal(["disk.raw", "out"], _folder.EnumerateFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [RequiresFact(Need.QemuImg)]
    public async Task Ova_goes_out_and_comes_back_and_one_that_was_changed_is_refused()
    {
        await using var test = await TestSite.OpenAsync();
        var raw = await DiskAsync();
        await test.Site.Images.PublishAsync(new ImagePublication { Path = raw, Name = "disk" });
        var ova = Path("disk.ova");
        await test.Site.ImageExporter.ExportAsync("disk", ova, DiskFileFormat.Ova);
        Assert.Equal("disk.ovf\ndisk.mf\ndisk-disk1.vmdk\n", await Command.RunAsync("tar", ["-tf", ova]));

        await test.Site.Images.PublishAsync(new ImagePublication { Path = ova, Name = "again" });
        await test.Site.ImageExporter.ExportAsync("again", Path("back.qcow2"), DiskFileFormat.Qcow2);
        await Command.RunAsync("qemu-img", ["compare", "-f", "raw", "-F", "qcow2", raw, Path("back.qcow2")]);

        // A byte in the middle of the disk.
        await using (var file = new FileStream(ova, FileMode.Open))
        {
            file.Position = file.Length / 2;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 1));
        }

        await AssertRefusedAsync(test, ova, "digest");
    }

    [RequiresFact(Need.QemuImg)]
    public async Task Disk_that_reaches_for_other_files_is_refused()
    {
        await using var test = await TestSite.OpenAsync();
        var raw = await DiskAsync();
        await Command.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", "vmdk", raw, Path("base.vmdk")]);
        await Command.RunAsync("qemu-img", ["create", "-f", "vmdk", "-b", Path("base.vmdk"), "-F", "vmdk", Path("child.vmdk")]);
        await AssertRefusedAsync(test, Path("child.vmdk"), "base.vmdk", "ImageHasBackingFile");

        // Without a capacity in the header, QEMU would believe the text within, which names any file.
        var described = await File.ReadAllBytesAsync(Path("base.vmdk"));
        BinaryPrimitives.WriteUInt64LittleEndian(described.AsSpan(12), 0);
        await File.WriteAllBytesAsync(Path("described.vmdk"), described);
        await AssertRefusedAsync(test, Path("described.vmdk"), "elsewhere");

        await File.WriteAllTextAsync(Path("text.vmdk"), "# Disk DescriptorFile\nversion=1\ncreateType=\"monolithicFlat\"\nRW 2048 FLAT \"/etc/passwd\" 0\n");
        await AssertRefusedAsync(test, Path("text.vmdk"), "VMDK");

        await WriteOvaAsync("two.ova", ("one.vmdk", Path("base.vmdk")), ("two.vmdk", Path("base.vmdk")));
        await AssertRefusedAsync(test, Path("two.ova"), "2 disks");
        await WriteOvaAsync("none.ova", ("readme", raw));
        await AssertRefusedAsync(test, Path("none.ova"), "no VMDK");
        await WriteOvaAsync("reaching.ova", ("../../one.vmdk", Path("described.vmdk")));
        await AssertRefusedAsync(test, Path("reaching.ova"), "elsewhere");
        Assert.Empty(await test.Site.Images.ListAsync().ToListAsync());
    }

    private static async Task AssertRefusedAsync(TestSite test, string path, string says, string id = "InvalidImageFile")
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => test.Site.Images.PublishAsync(new ImagePublication { Path = path, Name = "refused" }));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        var scratch = System.IO.Path.Combine(test.Folder, "scratch");
        Assert.True(!Directory.Exists(scratch) || !Directory.EnumerateFiles(scratch).Any(), "A scratch file is left.");
    }

    private async Task WriteOvaAsync(string name, params (string Name, string File)[] entries)
    {
        await using var tar = new TarWriter(File.Create(Path(name)), TarEntryFormat.Ustar);
        foreach (var (entry, file) in entries)
        {
            await using var content = File.OpenRead(file);
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, entry) { DataStream = content });
        }
    }

    /// <summary>A disk of 8 MiB with a boot sector, holes and noise.</summary>
    private async Task<string> DiskAsync()
    {
        var content = new byte[8 << 20];
        new Random(1).NextBytes(content.AsSpan(1 << 20, 3 << 20));
        content[0] = 0xEB;
        content[510] = 0x55;
        content[511] = 0xAA;
        await File.WriteAllBytesAsync(Path("disk.raw"), content);
        return Path("disk.raw");
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
