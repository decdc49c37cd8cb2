using StratusLab.Core;
using StratusLab.Rig.Requirements;
using StratusLab.Rig.Slurm;

namespace StratusLab.Slurm.Tests.Cluster;

/// <summary>A real cluster with two local nodes and three cloud nodes, configured by what is under test, and our hook as its programs.</summary>
public sealed class OneCluster : IAsyncLifetime
{
    private readonly string _programs = Directory.CreateTempSubdirectory("stratus-programs-").FullName;
    private SlurmCluster? _cluster;

    public SlurmCluster Cluster => _cluster ?? throw new InvalidOperationException("No cluster: mark the test with [RequiresFact(Need.Slurm)].");

    public SlurmBatchSystem Slurm { get; private set; } = null!;

    public string Spool => Path.Combine(_programs, "spool");

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot(Need.Slurm) is not null) return;
        await SlurmHook.WriteAsync(_programs, Spool);
        var configuration = new SlurmConfiguration
        {
            NodeClasses = [new SlurmNodeClass { Name = "c", Count = 3, Cpu = 8, Memory = ByteSize.FromGiB(2), Features = ["big"] }],
            LocalNodes = "n[1-2]",
            ProgramFolder = _programs,
            BootTimeout = TimeSpan.FromSeconds(120),
            IdleHold = TimeSpan.FromSeconds(10),
            SuspendTimeout = TimeSpan.FromSeconds(5),
        };
        _cluster = await SlurmCluster.StartAsync(new SlurmClusterOptions { Fragment = configuration.ToSlurmConf(), CloudNodes = ["c1", "c2", "c3"] });
        Slurm = new SlurmBatchSystem(new SlurmOptions { ConfigurationFile = Cluster.ConfigurationFile });
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await Slurm.DisposeAsync();
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_programs, recursive: true);
    }
}
