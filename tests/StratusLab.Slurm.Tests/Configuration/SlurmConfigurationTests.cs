using StratusLab.Core;

namespace StratusLab.Slurm.Tests.Configuration;

/// <summary>What is written for Slurm. That a real slurmctld takes it is seen by the tests of the cluster, which run on it.</summary>
public sealed class SlurmConfigurationTests
{
    private static readonly SlurmNodeClass Gpu = new() { Name = "gpu-", Count = 4, Cpu = 32, Memory = ByteSize.FromGiB(128), Gpu = 2, Features = ["a100", "cloud"] };

    [Fact]
    public void Nodes_of_each_class_have_what_they_have()
    {
        var text = new SlurmConfiguration { NodeClasses = [Gpu], MaxJobTime = TimeSpan.FromMinutes(90.5) }.ToSlurmConf();
        Assert.Contains("\nNodeName=gpu-[1-4] CPUs=32 RealMemory=121768 Features=a100,cloud Gres=gpu:2 State=CLOUD\n", text, StringComparison.Ordinal);
        Assert.Contains("\nPartitionName=burst Nodes=gpu-[1-4] MaxTime=91 State=UP\n", text, StringComparison.Ordinal);
        Assert.Contains("\nGresTypes=gpu\n", text, StringComparison.Ordinal);
        Assert.Equal("NodeName=gpu-[1-4] Name=gpu File=/dev/nvidia[0-1]\n", new SlurmConfiguration { NodeClasses = [Gpu] }.ToGresConf());
    }

    [Fact]
    public void Lines_end_as_Slurm_takes_them() => Assert.DoesNotContain('\r', new SlurmConfiguration { NodeClasses = [Gpu] }.ToSlurmConf());

    public static TheoryData<string, SlurmConfiguration> Wrong => new()
    {
        { "NodeClasses", new() { NodeClasses = [] } },
        { "NodeClasses.Name", new() { NodeClasses = [Gpu with { Name = "c1" }] } },
        { "NodeClasses.Name", new() { NodeClasses = [Gpu with { Name = "c\nUser=root" }] } },
        { "NodeClasses.Name", new() { NodeClasses = [Gpu, Gpu] } },
        { "NodeClasses.Count", new() { NodeClasses = [Gpu with { Count = 0 }] } },
        { "NodeClasses.Cpu", new() { NodeClasses = [Gpu with { Cpu = 0 }] } },
        { "NodeClasses.Memory", new() { NodeClasses = [Gpu with { Memory = default }] } },
        { "NodeClasses.Features", new() { NodeClasses = [Gpu with { Features = ["a b"] }] } },
        { "Partition", new() { NodeClasses = [Gpu], Partition = "a b" } },
        { "ProgramFolder", new() { NodeClasses = [Gpu], ProgramFolder = "relative" } },
        { "LocalNodes", new() { NodeClasses = [Gpu], LocalNodes = "n1 n2" } },
        { "BootTimeout", new() { NodeClasses = [Gpu], BootTimeout = TimeSpan.Zero } },
        { "MaxJobTime", new() { NodeClasses = [Gpu], MaxJobTime = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_Slurm_would_not_take_is_refused_with_its_field(string field, SlurmConfiguration configuration)
    {
        var e = Assert.Throws<InvalidInputException>(configuration.ToSlurmConf);
        Assert.Equal(("SlurmConfigurationInvalid", field), (e.ErrorId, e.Field));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/a b")]
    [InlineData("/a$(reboot)")]
    public void Spool_folder_that_a_shell_would_read_otherwise_is_refused(string folder) => Assert.Throws<InvalidInputException>(() => SlurmHook.Script(folder));
}
