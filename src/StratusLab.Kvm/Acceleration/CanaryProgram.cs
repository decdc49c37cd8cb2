namespace StratusLab.Kvm;

/// <summary>The canary guest's disk: one boot sector, assembled from <c>canary.s</c> beside this file.</summary>
internal static class CanaryProgram
{
    /// <summary>What it writes to its serial port, again and again, when it has done all its steps.</summary>
    public const string Success = "STRATUS-CANARY";

    // SeaBIOS does not boot from a smaller disk.
    private const int DiskLength = 1024 * 1024;
    private const int SignatureAt = 510;

    /// <summary>Machine code, loaded at 0x7C00, in hexadecimal.</summary>
    internal const string Code =
        "fafc31c08ed88ec08ed0bc007ce4920c0224fee692660f0116587d0f20c00c010f22c066ea2b7c0000080066b810008ed88ec08ed0bf001000000f22"
        + "df31c0b9000c0000f3abc7050010000003200000c7050020000003300000bf00300000b88300000066b900028907050000200083c708e2f40f20e00c"
        + "200f22e0b9800000c00f3280cc010f300f20c00d000000800f22c0ea9a7c00001800bc007c0000bf0040000031c0b900040000f3abb8307d0000bf00"
        + "420000668907c747021800008ec1e810668947060f011c255e7d0000b011e620b020e621b004e621b001e621b0fee621b0ffe6a1b034e64366b89c2e"
        + "e64088e0e640bb00000004bf00002000011fffcb75fafbb90a000000f485c975fbbe687d0000bf0f00000066bafd03eca82074fb66baf803aceeffcf"
        + "75edebd7ffc9b020e62048cf0000000000000000ffff0000009acf00ffff00000092cf00ffff0000009aaf001f00387d0000ff0f0040000000000000"
        + "535452415455532d43414e4152590a";

    /// <summary>The whole disk.</summary>
    public static byte[] Disk()
    {
        var disk = new byte[DiskLength];
        Convert.FromHexString(Code).CopyTo(disk, 0);
        disk[SignatureAt] = 0x55;
        disk[SignatureAt + 1] = 0xAA;
        return disk;
    }
}
