using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Rig.Hosts;

/// <summary>
/// One or more hosts for all tests of a collection. In the test project:
/// <code>
/// public sealed class OneHost() : LibvirtHostFixture(new LibvirtHostOptions());
/// [CollectionDefinition("host")] public sealed class HostCollection : ICollectionFixture&lt;OneHost&gt;;
/// [Collection("host")] public sealed class ConnectTests(OneHost fixture) { [RequiresFact(Need.LibvirtHost)] ... }
/// </code>
/// </summary>
public abstract class LibvirtHostFixture(params LibvirtHostOptions[] options) : IAsyncLifetime
{
    private LibvirtHost[] _hosts = [];

    /// <summary>The first host.</summary>
    public LibvirtHost Host => Hosts[0];

    /// <summary>All hosts, in the order of their options.</summary>
    public IReadOnlyList<LibvirtHost> Hosts =>
        _hosts.Length > 0 ? _hosts : throw new InvalidOperationException("No host: mark the test with [RequiresFact(Need.LibvirtHost)].");

    /// <inheritdoc/>
    public virtual async Task InitializeAsync()
    {
        // Where something is missing, the tests are skipped with that reason and ask for no host.
        if (Requirement.WhyNot(Need.LibvirtHost) is null)
            _hosts = await Task.WhenAll(options.Select(o => LibvirtHost.StartAsync(o)));
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
    }
}
