using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

public sealed class SeedImageTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE+/x user@place";

    [RequiresFact(Need.IsoTools)]
    public async Task Isoinfo_reads_label_names_and_content()
    {
        var file = await WriteAsync(Make(new GuestSetup { SshKeys = [Key], UserData = "#!/bin/sh\necho ü\n" }));
        try
        {
            var descriptor = await Command.RunAsync("isoinfo", ["-d", "-i", file]);
            Assert.Contains("Volume id: cidata", descriptor, StringComparison.Ordinal);
            Assert.Contains("Rock Ridge signatures version 1 found", descriptor, StringComparison.Ordinal);
            var names = await Command.RunAsync("isoinfo", ["-f", "-R", "-i", file]);
            Assert.Equal(["/meta-data", "/network-config", "/user-data"], names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
            Assert.Equal("#!/bin/sh\necho ü\n", await Command.RunAsync("isoinfo", ["-R", "-x", "/user-data", "-i", file]));
            var meta = await Command.RunAsync("isoinfo", ["-R", "-x", "/meta-data", "-i", file]);
            Assert.Contains("local-hostname: \"atlas-1\"\n", meta, StringComparison.Ordinal);
            Assert.Contains($"public-keys:\n  - \"{Key}\"\n", meta, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Linux_finds_it_by_its_label()
    {
        var file = await WriteAsync(Make(new GuestSetup()));
        try
        {
            Assert.Equal("cidata", (await Command.RunAsync("blkid", ["-p", "-s", "LABEL", "-o", "value", file])).Trim());
            Assert.True(new FileInfo(file).Length >= 128 * 1024, "programs that probe file systems pass over very short devices");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void User_data_that_is_too_large_is_refused()
    {
        var error = Assert.Throws<InvalidInputException>(() => Make(new GuestSetup { UserData = new string('x', SeedImage.MaxPartLength + 1) }));
        Assert.Equal("UserData", error.Field);
    }

    [Fact]
    public void A_key_of_two_lines_cannot_smuggle_anything_into_the_meta_data()
    {
        var error = Assert.Throws<InvalidInputException>(() => Make(new GuestSetup { SshKeys = ["ssh-rsa x\nlocal-hostname: evil"] }));
        Assert.Equal("InvalidSshKey", error.ErrorId);
    }

    private static byte[] Make(GuestSetup guest)
    {
        var request = Requests.One("atlas-1") with { Guest = guest };
        var names = VmNames.Of(request.RequestId);
        return SeedImage.Write(request, names, [new DomainNic("default", names.HardwareAddress(0))]);
    }

    private static async Task<string> WriteAsync(byte[] image)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, image);
        return file;
    }
}
