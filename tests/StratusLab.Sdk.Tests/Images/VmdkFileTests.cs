using System.Buffers.Binary;
using System.Text;

namespace StratusLab.Sdk.Tests.Images;

public sealed class VmdkFileTests
{
    private const int Sector = 512;
    private static readonly string Disk = "sha256:" + new string('a', 64);

    // qemu-img draws the number twice and writes it without leading zeros; where the second is shorter, an end of the first text stays behind the new one.
    [Theory]
    [InlineData("1234abc")]
    [InlineData("7")]
    public async Task Same_disk_is_the_same_file_however_long_the_identity_by_chance_is(string identity)
    {
        var usual = await FinishAsync("12345678", "first.vmdk");
        Assert.Contains("CID=2aaaaaaa\nparentCID=ffffffff\n", usual, StringComparison.Ordinal);
        Assert.Equal(usual, await FinishAsync(identity, "another.vmdk"));
    }

    private static async Task<string> FinishAsync(string identity, string name)
    {
        var file = new byte[4 * Sector];
        "KDMV"u8.CopyTo(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(28), 1);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(36), 2);
        foreach (var drawn in (string[])["fedcba98", identity])
            Encoding.ASCII.GetBytes($"# Disk DescriptorFile\nversion=1\nCID={drawn}\nparentCID=ffffffff\nRW 2048 SPARSE \"{name}\"\n\0").CopyTo(file, Sector);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, file);
        await using var finished = await VmdkFile.FinishAsync(path, Disk, CancellationToken.None);
        using var reader = new StreamReader(finished.Content, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }
}
