using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

/// <summary>A docker-registry that lets everybody in, for all tests of the collection.</summary>
public sealed class RegistryFixture : IAsyncLifetime
{
    private DockerRegistry? _registry;
    private int _namespaces;

    public DockerRegistry Registry => _registry ?? throw new InvalidOperationException("No registry: mark the test with [RequiresFact(Need.Registry)].");

    /// <summary>A namespace that no other test uses.</summary>
    public string NewNamespace() => $"test-{Interlocked.Increment(ref _namespaces)}";

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot(Need.Registry) is null) _registry = await DockerRegistry.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_registry is not null) await _registry.DisposeAsync();
    }
}

[CollectionDefinition("marketplaces")]
public sealed class RegistryCollection : ICollectionFixture<RegistryFixture>;
