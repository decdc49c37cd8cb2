using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Oci.Tests;

/// <summary>A docker-registry that lets everybody in, for all tests of the collection.</summary>
public sealed class OpenRegistry : IAsyncLifetime
{
    private DockerRegistry? _registry;
    private int _repositories;

    public DockerRegistry Registry => _registry ?? throw new InvalidOperationException("No registry: mark the test with [RequiresFact(Need.Registry)].");

    /// <summary>A repository that no other test uses.</summary>
    public string NewRepository() => $"images/test-{Interlocked.Increment(ref _repositories)}";

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot(Need.Registry) is null) _registry = await DockerRegistry.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_registry is not null) await _registry.DisposeAsync();
    }
}

[CollectionDefinition("registry")]
public sealed class RegistryCollection : ICollectionFixture<OpenRegistry>;
