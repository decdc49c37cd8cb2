using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>Classes that are taken from the batch system's own nodes.</summary>
public sealed class BurstClassesTests
{
    private static readonly BurstDefinition Burst = new()
    {
        Name = "peak",
        HostName = "spare",
        Image = "node:12",
        Policy = BurstPolicy.PredictedWait with { DailyBudget = 10 },
        PricePerHour = 0.25m,
    };

    /// <summary>New-StratusSlurmConfig tells Slurm of 348 MB where the machine has 512, and of 15,109 MB where it has 16 GB.</summary>
    [Theory]
    [InlineData(348, 512)]
    [InlineData(467, 640)]
    [InlineData(15_109, 16_384)]
    public void Machine_that_is_made_to_measure_has_what_its_node_gives_to_jobs_and_what_its_kernel_keeps(int forJobs, int machine)
    {
        var shape = Assert.Single(BurstClasses.Of(Burst, Snapshot(forJobs)));
        Assert.Equal(ByteSize.FromMiB(forJobs), shape.Memory);
        Assert.Equal(ByteSize.FromMiB(machine), BurstMachines.MemoryOf(shape, ProviderCapabilities.Images));
        Assert.Equal(ByteSize.FromMiB(forJobs), BurstMachines.MemoryOf(shape, ProviderCapabilities.MachineTypes));
    }

    [Fact]
    public void Machine_of_a_class_that_is_given_has_what_is_given()
    {
        var shape = new BurstNodeClass { Name = "given", Nodes = ["g1"], Cpu = 1, Memory = ByteSize.FromMiB(700) };
        Assert.Equal(shape.Memory, BurstMachines.MemoryOf(shape, ProviderCapabilities.Images));
    }

    [Fact]
    public void Nodes_count_what_the_burst_says_where_the_host_has_no_prices()
    {
        Assert.Equal(0.25m, Assert.Single(BurstClasses.Of(Burst, Snapshot(348))).PricePerHour);
        Assert.Equal(0.25m, BurstDefinitionDocument.Read(BurstDefinitionDocument.Write(Burst)).PricePerHour);
        Assert.Equal("PricePerHour", Assert.Throws<InvalidInputException>(() => BurstDefinitionValidation.Check(Burst with { PricePerHour = -1 })).Field);
    }

    private static BatchSnapshot Snapshot(int forJobs) => new(
        DateTimeOffset.UnixEpoch, [], [new BatchNode { Name = "burst-1", State = BatchNodeState.PoweredDown, IsCloud = true, Partitions = ["burst"], Cpu = 1, Memory = ByteSize.FromMiB(forJobs) }]);
}
