namespace StratusLab.Slurm.Tests.Cluster;

[CollectionDefinition(Name)]
public sealed class ClusterTestCollection : ICollectionFixture<OneCluster>
{
    public const string Name = "cluster";
}
