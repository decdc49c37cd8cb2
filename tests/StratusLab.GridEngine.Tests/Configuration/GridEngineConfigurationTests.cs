using System.Text;
using StratusLab.Core;

namespace StratusLab.GridEngine.Tests.Configuration;

/// <summary>What is refused before anything is written, and what the nodes get.</summary>
public sealed class GridEngineConfigurationTests
{
    private static readonly GridEngineConfiguration Right = new() { NodeName = "burst-", Count = 2, Cpu = 4, Memory = ByteSize.FromGiB(4), Gpu = 2 };
    private static readonly GridEngineNodeSetup Nodes = new() { Qmaster = "head", Bootstrap = "admin_user  sgeadmin\nqmaster_spool_dir /var/spool\n" };

    public static TheoryData<string, GridEngineConfiguration> Wrong { get; } = new()
    {
        { "NodeName", Right with { NodeName = "c1" } },
        { "NodeName", Right with { NodeName = "a b" } },
        { "Count", Right with { Count = 0 } },
        { "Cpu", Right with { Cpu = 0 } },
        { "Memory", Right with { Memory = ByteSize.FromMiB(1) } },
        { "Gpu", Right with { Gpu = -1 } },
        { "LocalQueue", Right with { LocalQueue = "all.q; reboot" } },
        { "BurstQueue", Right with { BurstQueue = "all.q" } },
        { "MaxJobTime", Right with { MaxJobTime = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_Grid_Engine_would_not_take_is_told_with_its_field(string field, GridEngineConfiguration configuration)
    {
        var e = Assert.Throws<InvalidInputException>(configuration.ToSetup);
        Assert.Equal(("GridEngineConfigurationInvalid", field), (e.ErrorId, e.Field));
    }

    [Fact]
    public void Setup_has_no_place_left_open()
    {
        var setup = Right.ToSetup();
        Assert.Contains("values=slots=4,h_vmem=3681M,stratus_memory=3681M,gpu=2,stratus_gpu=2\n", setup, StringComparison.Ordinal);
        Assert.DoesNotMatch("@[A-Z_]+@", setup);
    }

    [Fact]
    public void User_data_starts_execd_and_looks_at_the_lease()
    {
        var text = (Nodes with { QmasterAddress = "192.0.2.1", Lease = TimeSpan.FromMinutes(20) }).ToUserData();
        Assert.StartsWith("#cloud-config\n", text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 16 << 10); // what EC2 takes
        Assert.Contains("- ['sh', '-c', 'echo ''192.0.2.1 head'' >>/etc/hosts']\n", text, StringComparison.Ordinal);
        Assert.Contains("- ['install', '-d', '-o', 'sgeadmin', '/var/spool/gridengine/execd']\n", text, StringComparison.Ordinal);
        Assert.Contains("- ['systemctl', 'enable', '--now', 'stratus-lease.timer']\n", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("head\n"u8), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_cell_is_refused()
    {
        var e = await Assert.ThrowsAsync<InvalidInputException>(() => GridEngineNodeSetup.FromCellAsync("/nosuch"));
        Assert.Equal(("GridEngineConfigurationInvalid", "cellFolder"), (e.ErrorId, e.Field));
        Assert.Equal("Qmaster", Assert.Throws<InvalidInputException>((Nodes with { Qmaster = "a b" }).ToUserData).Field);
        Assert.Equal("QmasterAddress", Assert.Throws<InvalidInputException>((Nodes with { QmasterAddress = "head; reboot" }).ToUserData).Field);
        Assert.Equal("Lease", Assert.Throws<InvalidInputException>((Nodes with { Lease = TimeSpan.Zero }).ToUserData).Field);
    }
}
