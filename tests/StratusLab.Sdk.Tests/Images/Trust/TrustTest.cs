using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk.Tests;

/// <summary>
/// A site with one host and one image, from which a VM was launched already: image and host are warm. Whoever refuses must refuse now.
/// </summary>
public abstract class TrustTest : IAsyncLifetime
{
    private protected MovableClock Clock { get; } = new();

    protected TestSite Test { get; private set; } = null!;

    protected StratusImage Image { get; private set; } = null!;

    private protected void Use(StratusImage image) => Image = image;

    protected ImageTrust Trust => Test.Site.Trust;

    protected string Store => Path.Combine(Test.Site.Folder, "images");

    private protected X509Certificate2 Jane { get; } = TestCertificates.SelfSigned("CN=Jane,O=Lab,C=CH");

    private protected X509Certificate2 Bob { get; } = TestCertificates.SelfSigned("CN=Bob,O=Lab,C=CH");

    public virtual async Task InitializeAsync()
    {
        Test = await TestSite.OpenAsync(clock: Clock);
        await Test.AddHostsAsync(1);
        Image = await PublishAsync("tiny");
    }

    public virtual async Task DisposeAsync()
    {
        await Test.DisposeAsync();
        Jane.Dispose();
        Bob.Dispose();
    }

    private protected async Task<StratusImage> PublishAsync(string name, Func<ImagePublication, ImagePublication>? change = null)
    {
        var path = Path.Combine(Path.GetDirectoryName(Test.Site.Folder)!, $"{name}.raw");
        TestDisk.WriteRaw(path, 1, name.Length);
        var publication = new ImagePublication { Path = path, Name = name, Labels = new Dictionary<string, string> { ["stage"] = "test" } };
        return await Test.Site.Images.PublishAsync(change?.Invoke(publication) ?? publication);
    }

    private protected async Task EndorseAsync(X509Certificate2 certificate, params X509Certificate2[] chain)
    {
        using var signer = certificate.Signer(chain);
        await Trust.EndorseAsync(Image, signer);
    }

    private protected async Task DeprecateAsync(X509Certificate2 certificate, string reason = "It has a hole.", string? replacement = null)
    {
        using var signer = certificate.Signer();
        await Trust.DeprecateAsync(Image, signer, reason, replacement);
    }

    /// <summary>Puts signed data beside the image that nobody who plays by the rules would make.</summary>
    private protected async Task PutAsync(ReadOnlyMemory<byte> signed, ImageStatement? said = null)
    {
        var layout = await OciLayout.OpenAsync(Store);
        var manifest = new RegistryManifest(OciMediaTypes.Manifest, await layout.ReadBlobAsync(OciDigest.Parse(Image.Digest)));
        await StatementStore.AddAsync(layout, StatementArtifact.Of(said ?? Statement(), signed, manifest.Descriptor), CancellationToken.None);
    }

    private protected ImageStatement Statement() => Trust.NewStatement(Image, ImageStatementKind.Endorsement);

    private protected async Task PinAsync(X509Certificate2 certificate, string name, string? pattern = null)
    {
        using var bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        await Trust.AddEndorserAsync(name, bare, pattern);
    }

    /// <summary>The image is launched.</summary>
    private protected async Task<ImageDecision> AssertAllowedAsync()
    {
        var decision = await Trust.EvaluateAsync(Image);
        Assert.True(decision.IsAllowed, decision.ToString());
        Assert.All(await Test.CreateAsync($"vm{Guid.NewGuid():N}"[..20], null, s => s with { Image = Image.Digest }), o => Assert.Null(o.Error));
        return decision;
    }

    /// <summary>
    /// The image was launched and, once something was done, is refused at every gate with the reason: when it is planned, and when it was planned before.
    /// </summary>
    private protected async Task AssertRefusedAfterAsync(Func<Task> change, ImageReasonCode code, params string[] says)
    {
        await AssertAllowedAsync();
        var specification = new VmSpecification { Image = Image.Digest, Names = ["late"], Size = "tiny" };
        var plan = await Test.Site.Vms.PlanAsync(specification);
        var journal = await Test.Site.Journal.ListAsync().CountAsync();
        var there = await Test.ListAsync("*");

        await change();

        var planned = await Assert.ThrowsAnyAsync<StratusException>(() => Test.Site.Vms.PlanAsync(specification));
        var outcome = Assert.Single(await Test.Site.Vms.CreateAsync(plan.Vms).ToListAsync());
        AssertRefusal(outcome.Error, code, says);
        if (planned.ErrorId != "ImageDamaged") AssertRefusal(planned, code, says);
        Assert.Equal(plan.Vms[0].Request.RequestId, outcome.RequestId);
        Assert.Equal(journal, await Test.Site.Journal.ListAsync().CountAsync());
        Assert.Equal(there.Select(v => v.Name), (await Test.ListAsync("*")).Select(v => v.Name));
    }

    private protected async Task AssertRefusedAsync(ImageReasonCode code, params string[] says)
    {
        var error = await Assert.ThrowsAsync<ImageRefusedException>(() => Test.Site.Vms.PlanAsync(new VmSpecification { Image = Image.Digest, Names = ["never"], Size = "tiny" }));
        AssertRefusal(error, code, says);
        Assert.Empty(await Test.Site.Journal.ListAsync(openOnly: true).ToListAsync());
        Assert.Empty(await Test.ListAsync("never"));
    }

    private static void AssertRefusal(StratusException? error, ImageReasonCode code, string[] says)
    {
        var refusal = Assert.IsType<ImageRefusedException>(error);
        Assert.Equal(("ImageRefused", StratusErrorKind.PermissionDenied), (refusal.ErrorId, refusal.Kind));
        var reason = Assert.Single(refusal.Decision.Reasons, r => r.Effect == ImageReasonEffect.Refuses);
        Assert.Equal(code, reason.Code);
        Assert.All(says, text => Assert.Contains(text, reason.Message, StringComparison.Ordinal));
        Assert.Contains(reason.Message, refusal.Message, StringComparison.Ordinal);
    }
}
