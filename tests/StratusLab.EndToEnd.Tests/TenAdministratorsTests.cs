using StratusLab.Core;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Ten administrators who want the same image on the same real host at the same moment.</summary>
[Collection(HostCollection.Name)]
public sealed class TenAdministratorsTests(TwoHosts hosts)
{
    [RequiresTheory(Need.LibvirtHost, Need.MicroGuest, Need.Registry)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task The_image_is_sent_to_the_host_once(int sites)
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var publisher = await TestSite.OpenAsync();
        var image = await publisher.PublishMicroAsync();
        await publisher.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "lab", Uri = $"{registry.Address}/ten" });
        await publisher.Site.Marketplaces.PublishAsync("micro:1", "lab");
        await TestSite.ForgetImagesAsync(hosts.Host);

        var tests = new List<TestSite>();
        try
        {
            for (var i = 0; i < sites; i++)
            {
                tests.Add(await TestSite.OpenAsync(hosts.Host.Uri));
                await tests[i].Site.Marketplaces.RegisterAsync(new Marketplace { Name = "lab", Uri = $"{registry.Address}/ten" });
            }

            var placed = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => PlaceAsync(tests[i % sites])));

            Assert.Single(placed, p => p.WasSent);
            Assert.All(placed, p => Assert.Equal(image.DiskDigest, p.DiskDigest));
            var volume = Assert.Single(Directory.GetFiles(hosts.Host.PoolFolder, "stratus-image-*"), path => new FileInfo(path).Length > 1 << 20);
            Assert.Contains(image.DiskDigest["sha256:".Length..], volume, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var test in tests) await test.DisposeAsync();
        }

        async Task<HostImage> PlaceAsync(TestSite test)
        {
            await using var own = await test.OpenAgainAsync();
            await own.Marketplaces.ReceiveAsync("lab/micro:1");
            return await own.HostImages.EnsureAsync("host1", await own.Images.GetAsync("micro:1"));
        }
    }
}
