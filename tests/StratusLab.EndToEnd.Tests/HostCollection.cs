using Xunit;

namespace StratusLab.EndToEnd.Tests;

[CollectionDefinition(Name)]
public sealed class HostCollection : ICollectionFixture<TwoHosts>
{
    public const string Name = "two hosts";
}
