using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;
using StratusLab.Kvm;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;

namespace StratusLab.Benchmarks;

/// <summary>
/// A VM planned and created from an image that the host has, where the image carries three signatures and the site a policy and ten endorsers,
/// against the same where there is neither.
/// </summary>
internal sealed class TrustedLaunchBenchmark() : Benchmark("launch-trusted", limit: 1.05, Need.LibvirtHost, Need.MicroGuest)
{
    public override async Task<BenchmarkResult> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("stratuslab-bench-");
        try
        {
            await using var host = await LibvirtHost.StartAsync(cancel: cancel);
            await using var bare = await OpenAsync(Path.Combine(folder.FullName, "bare"), host, cancel);
            await using var trusting = await OpenAsync(Path.Combine(folder.FullName, "trusting"), host, cancel);
            await SignAsync(trusting, cancel);
            var (ours, theirs) = await Interleaved.MediansAsync(31, () => LaunchAsync(trusting, cancel), () => LaunchAsync(bare, cancel));
            return BenchmarkResult.OfTimes(ours, theirs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<StratusSite> OpenAsync(string folder, LibvirtHost host, CancellationToken cancel)
    {
        var site = await StratusSite.OpenAsync(new SiteOptions { Folder = folder, Providers = [new KvmProviderFactory()] }, cancel);
        await site.Hosts.AddAsync(new HostDefinition { Name = "bench", Uri = host.Uri, Accelerator = Accelerator.Tcg }, cancel);
        await site.Images.PublishAsync(new ImagePublication { Path = await GuestImages.MicroAsync(cancel), Name = "micro", Version = "1" }, null, cancel);
        return site;
    }

    private static async Task SignAsync(StratusSite site, CancellationToken cancel)
    {
        var image = await site.Images.GetAsync("micro:1", cancel);
        for (var i = 0; i < 10; i++)
        {
            using var key = RSA.Create(3072);
            using var certificate = new CertificateRequest($"CN=Endorser {i},O=Lab", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
            await site.Trust.AddEndorserAsync($"endorser-{i}", certificate, cancellationToken: cancel);
            if (i >= 3) continue;
            using var signer = new ImageSigner(certificate);
            await site.Trust.EndorseAsync(image, signer, cancellationToken: cancel);
        }

        await site.Trust.SetPolicyAsync(new ImagePolicy { DenyEndorsers = ["endorser-9"], DenyLabels = ["stage=test"] }, cancel);
    }

    private static async Task<TimeSpan> LaunchAsync(StratusSite site, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var plan = await site.Vms.PlanAsync(new VmSpecification { Image = "micro:1", Names = ["bench"], Cpu = 1, Memory = ByteSize.FromMiB(128) }, cancel);
        var outcome = await site.Vms.CreateAsync(plan.Vms, cancellationToken: cancel).SingleAsync(cancel);
        var time = Stopwatch.GetElapsedTime(start);
        if (outcome.Error is { } error) throw error;
        await foreach (var removed in site.Vms.RemoveAsync([outcome.Id!.Value], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }, cancellationToken: cancel))
            if (removed.Error is { } problem) throw problem;
        return time;
    }
}
