using StratusLab.Core;

namespace StratusLab.Kvm.Tests;

internal static class Requests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static VmRequest One(string name) => new()
    {
        RequestId = new Guid("6f1c1a2e-0000-4000-8000-000000000001"),
        Name = name,
        Image = new ImageDescriptor
        {
            Name = "debian",
            Version = "12",
            Digest = Digest,
            DiskDigest = Digest,
            DiskLength = 1000,
            Format = DiskFormat.Qcow2,
            VirtualSize = ByteSize.FromGiB(2),
        },
        Cpu = 2,
        Memory = ByteSize.FromMiB(512),
        Owner = "ada@lab",
        Site = "lab",
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };
}
