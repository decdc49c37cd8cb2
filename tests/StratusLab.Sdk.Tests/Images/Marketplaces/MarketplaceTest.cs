using StratusLab.Oci;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

/// <summary>What tests of marketplaces share: two sites that know one namespace of the registry as <c>lab</c>, through a proxy.</summary>
public abstract class MarketplaceTest(RegistryFixture fixture) : IAsyncLifetime
{
    protected static readonly RegistryOptions Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(10), ProgressTimeout = TimeSpan.FromSeconds(20), ChunkSize = 256 << 10 };

    protected RegistryProxy Proxy { get; private set; } = null!;

    protected string Namespace { get; } = fixture.NewNamespace();

    protected TestSite Here { get; private set; } = null!;

    protected TestSite There { get; private set; } = null!;

    protected DockerRegistry Registry => fixture.Registry;

    public virtual async Task InitializeAsync()
    {
        if (Requirement.WhyNot(Need.Registry) is not null) return;
        Proxy = new RegistryProxy(fixture.Registry.Port);
        Here = await OpenAsync();
        There = await OpenAsync();
    }

    public virtual async Task DisposeAsync()
    {
        if (Proxy is null) return;
        await Here.DisposeAsync();
        await There.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    protected async Task<TestSite> OpenAsync()
    {
        var test = await TestSite.OpenAsync();
        test.Site.Marketplaces.Transport = Quick;
        await test.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "lab", Uri = $"{Proxy.Address}/{Namespace}" });
        return test;
    }

    protected static Task<List<FoundImage>> FindAsync(TestSite test, ImageQuery? query = null) => test.Site.Marketplaces.FindAsync(query ?? new ImageQuery()).ToListAsync().AsTask();

    /// <summary>Reads the disk of an image as a host gets it, and compares it with its digest.</summary>
    protected static async Task VerifyAsync(TestSite test, StratusImage image)
    {
        await using var content = await test.Site.Images.Open(image).OpenAsync();
        Assert.Equal(image.DiskDigest, $"sha256:{Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(content))}");
    }
}
