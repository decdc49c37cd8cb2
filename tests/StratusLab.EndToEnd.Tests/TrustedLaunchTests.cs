using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>A signed image on two real hosts, and all that stops its next launch although both have it.</summary>
[Collection(HostCollection.Name)]
public sealed class TrustedLaunchTests(TwoHosts hosts) : IAsyncLifetime
{
    private readonly MovableClock _clock = new();
    private readonly X509Certificate2 _certificate = Certificate("CN=Alice,O=Lab");
    private TestSite? _test;
    private StratusImage? _image;

    private TestSite Test => _test!;

    private ImageTrust Trust => Test.Site.Trust;

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_denied_endorser()
    {
        await LaunchOnBothAsync();
        var planned = await Test.Site.Vms.PlanAsync(Specification());
        await Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = ["alice"] });

        var refusal = await RefusedAsync(ImageReasonCode.EndorserDenied);
        Assert.Contains("alice", refusal.Message, StringComparison.OrdinalIgnoreCase);

        // What was planned before is not let through either.
        var outcomes = await Test.Site.Vms.CreateAsync(planned.Vms).ToListAsync();
        Assert.Equal(2, outcomes.Count);
        Assert.All(outcomes, o => Assert.IsType<ImageRefusedException>(o.Error));
        await NothingIsThereAsync();

        await Trust.SetPolicyAsync(new ImagePolicy());
        await LaunchOnBothAsync();
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task An_image_past_its_date()
    {
        await LaunchOnBothAsync();
        _clock.Ahead = TimeSpan.FromDays(2);

        await RefusedAsync(ImageReasonCode.Expired);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_deprecated_image()
    {
        await LaunchOnBothAsync();
        using var signer = new ImageSigner(_certificate);
        await Trust.DeprecateAsync(_image!, signer, "It has a hole.", "micro:2");

        var refusal = await RefusedAsync(ImageReasonCode.Deprecated);
        Assert.Contains("It has a hole.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("micro:2", refusal.Message, StringComparison.Ordinal);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_flipped_byte_in_the_local_store()
    {
        await LaunchOnBothAsync();
        await FlipAsync(Path.Combine(Test.Folder, "images", "blobs", "sha256", _image!.DiskDigest["sha256:".Length..]));

        await RefusedAsync(ImageReasonCode.Damaged);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_flipped_byte_in_the_pool_of_one_host()
    {
        await LaunchOnBothAsync();
        var damaged = hosts.Hosts[0];
        try
        {
            await FlipAsync(BaseVolumeOn(damaged));

            var plan = await Test.Site.Vms.PlanAsync(Specification());
            var outcomes = await Test.Site.Vms.CreateAsync(plan.Vms).ToListAsync();
            var refused = Assert.Single(outcomes, o => o.Error is not null);
            Assert.Equal("ImageDamagedOnHost", refused.Error!.ErrorId);
            Assert.Contains("host1", refused.Error.Message, StringComparison.Ordinal);
            Assert.Equal("host2", Assert.Single(outcomes, o => o.Error is null).Vm!.Host);
            Assert.Empty((await TestSite.LeftOnAsync(damaged)).Domains);
            Assert.Equal(0, await Test.CountOpenIntentsAsync());
        }
        finally
        {
            await Test.RemoveAsync(await Test.ListAsync());
            await TestSite.ForgetImagesAsync(damaged);
        }
    }

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot(Need.LibvirtHost) is not null || Requirement.WhyNot(Need.MicroGuest) is not null) return;
        _test = await TestSite.OpenAsync(_clock, [.. hosts.Hosts.Select(host => host.Uri)]);
        await Trust.AddEndorserAsync("alice", _certificate);
        _image = await Test.PublishMicroAsync(DateTimeOffset.UtcNow.AddDays(1));
        using var signer = new ImageSigner(_certificate);
        await Trust.EndorseAsync(_image, signer);
    }

    public async Task DisposeAsync()
    {
        if (_test is not null) await _test.DisposeAsync();
        _certificate.Dispose();
    }

    private static VmSpecification Specification() => new()
    {
        Image = "micro:1",
        Names = ["signed-1", "signed-2"],
        Cpu = 1,
        Memory = ByteSize.FromMiB(128),
        Placement = PlacementPolicy.Spread,
    };

    private async Task LaunchOnBothAsync()
    {
        var vms = await Test.CreateAsync(Specification());
        Assert.Equal(["host1", "host2"], vms.Select(vm => vm.Host).Order());
        await Test.RemoveAsync(vms);
    }

    private async Task<ImageRefusedException> RefusedAsync(ImageReasonCode code)
    {
        var refusal = await Assert.ThrowsAsync<ImageRefusedException>(() => Test.Site.Vms.PlanAsync(Specification()));
        Assert.Contains(refusal.Decision.Reasons, r => r.Code == code && r.Effect == ImageReasonEffect.Refuses);
        await NothingIsThereAsync();
        return refusal;
    }

    private async Task NothingIsThereAsync()
    {
        foreach (var host in hosts.Hosts) Assert.Empty((await TestSite.LeftOnAsync(host)).Domains);
        Assert.Equal(0, await Test.CountOpenIntentsAsync());
    }

    private static string BaseVolumeOn(LibvirtHost host) =>
        Assert.Single(Directory.GetFiles(host.PoolFolder, "stratus-image-*"), path => new FileInfo(path).Length > 1 << 20);

    private static async Task FlipAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    private static X509Certificate2 Certificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The system's clock, set forward.</summary>
    private sealed class MovableClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
