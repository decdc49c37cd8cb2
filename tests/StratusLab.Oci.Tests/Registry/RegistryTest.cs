using StratusLab.Rig.Registries;

namespace StratusLab.Oci.Tests;

/// <summary>What tests against the registry share: a proxy before it, two layouts, a repository.</summary>
public abstract class RegistryTest(OpenRegistry fixture) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oci-registry-").FullName;
    private RegistryProxy? _proxy;

    protected OpenRegistry Fixture => fixture;

    protected string Folder => _folder;

    protected RegistryProxy Proxy => _proxy ??= new RegistryProxy(fixture.Registry.Port);

    protected string Repository { get; } = fixture.NewRepository();

    protected RegistryClient Client { get; private set; } = null!;

    protected OciLayout Here { get; private set; } = null!;

    protected OciLayout There { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Here = await OciLayout.OpenAsync(Path.Combine(_folder, "here"));
        There = await OciLayout.OpenAsync(Path.Combine(_folder, "there"));
        Use(Artifact.Quick);
    }

    public virtual async Task DisposeAsync()
    {
        Client.Dispose();
        if (_proxy is not null) await _proxy.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Talks through the proxy with other options.</summary>
    protected void Use(RegistryOptions options)
    {
        Client?.Dispose();
        Client = new RegistryClient(Rig.Requirements.Requirement.WhyNot(Rig.Requirements.Need.Registry) is null ? Proxy.Address : "127.0.0.1:1", options);
    }

    protected Task<OciDescriptor> PushAsync(OciDescriptor manifest, string? tag = null, string? mountFrom = null) =>
        new RegistryTransfer(Client, Here).PushAsync(manifest.Digest, Repository, tag, mountFrom);

    protected Task<OciDescriptor> PullAsync(OciDescriptor manifest) => new RegistryTransfer(Client, There).PullAsync(Repository, manifest.Digest.ToString());
}
