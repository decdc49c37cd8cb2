namespace StratusLab.Sdk.Tests;

/// <summary>Disk files for tests.</summary>
internal static class TestDisk
{
    /// <summary>A raw disk with a boot sector and random content.</summary>
    public static void WriteRaw(string path, int megabytes, int seed)
    {
        var content = new byte[megabytes << 20];
        new Random(seed).NextBytes(content);
        content.AsSpan(446, 64).Clear();
        content[510] = 0x55;
        content[511] = 0xAA;
        File.WriteAllBytes(path, content);
    }
}
