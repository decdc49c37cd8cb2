using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

public sealed class CanaryTests
{
    [Fact]
    public void The_program_fits_before_the_partition_table_of_its_boot_sector()
    {
        const int PartitionTableAt = 446;
        var disk = CanaryProgram.Disk();
        Assert.True(Convert.FromHexString(CanaryProgram.Code).Length <= PartitionTableAt);
        Assert.Equal([0x55, 0xAA], disk[510..512]);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Where_guests_run_the_canary_sings()
    {
        var disk = Path.GetTempFileName();
        var heard = disk + ".serial";
        await File.WriteAllBytesAsync(disk, CanaryProgram.Disk());
        string[] arguments =
        [
            "-machine", "q35,accel=tcg", "-cpu", "max", "-m", "64", "-display", "none", "-monitor", "none", "-net", "none",
            "-serial", $"file:{heard}", "-drive", $"file={disk},format=raw,if=virtio",
        ];
        using var emulator = Process.Start(new ProcessStartInfo("qemu-system-x86_64", arguments) { UseShellExecute = false })!;
        try
        {
            await Poll.UntilAsync(
                "the canary", async ct => File.Exists(heard) && (await File.ReadAllTextAsync(heard, ct)).Contains(CanaryProgram.Success, StringComparison.Ordinal), TimeSpan.FromMinutes(2));
        }
        finally
        {
            emulator.Kill();
            await emulator.WaitForExitAsync();
            File.Delete(disk);
            File.Delete(heard);
        }
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_kvm_that_is_there_is_tried_within_bounds_and_nothing_stays()
    {
        await using var host = await LibvirtHost.StartAsync(new LibvirtHostOptions { Kvm = true });
        var definition = new HostDefinition { Name = "node", Uri = host.Uri };
        await using var connection = new HostConnection(definition, Libvirt.LibvirtUri.Parse(host.Uri));
        using var decision = new AcceleratorDecision(connection);
        var since = Stopwatch.GetTimestamp();
        var verdict = await decision.ExplainAsync(CancellationToken.None);
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(3), "libvirt's own probing of KVM, and then 15 s for the guest");
        Assert.NotEqual(Accelerator.Auto, verdict.Accelerator);
        Assert.NotEmpty(verdict.Reason);
        await Poll.UntilAsync("no guest", async _ => !(await host.VirshAsync("list", "--all", "--name")).Contains("canary", StringComparison.Ordinal), TimeSpan.FromMinutes(3));
        await host.VirshAsync("pool-refresh", "default");
        Assert.DoesNotContain("canary", await host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }
}
