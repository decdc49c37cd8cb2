using System.Net;
using StratusLab.Core;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>An image in a marketplace goes from there to a host, not through this machine.</summary>
public sealed class RegistryToPoolTests
{
    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Registry, Need.Ssh, Need.Curl)]
    public async Task A_host_gets_a_disk_from_the_registry_that_nobody_else_has()
    {
        await using var host = await LibvirtHost.StartAsync(new LibvirtHostOptions { Ssh = true });
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Token, address: host.OutsideAddress);
        await using var test = await PublishedAsync(host, registry);

        var vm = Assert.Single(await test.CreateAsync(new VmSpecification { Image = "micro:1", Names = ["pulled"], Cpu = 1, Memory = ByteSize.FromMiB(128), SshKeys = [] }));
        var hosted = Assert.Single(await test.Site.HostImages.ListAsync([await test.Site.Hosts.GetAsync("host1")]).ToListAsync());
        Assert.Equal(1, hosted.UseCount);
        Assert.Equal("micro:1", Assert.Single(hosted.Images));
        await test.RemoveAsync([vm]);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Registry, Need.Ssh, Need.Curl)]
    public async Task A_password_is_not_told_to_hosts()
    {
        await using var host = await LibvirtHost.StartAsync(new LibvirtHostOptions { Ssh = true });
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Password, address: host.OutsideAddress);
        await using var test = await PublishedAsync(host, registry);
        var image = await test.Site.Images.GetAsync("micro:1");
        var error = await Assert.ThrowsAsync<StratusException>(() => test.Site.HostImages.EnsureAsync("host1", image));
        Assert.Equal("ImageContentMissing", error.ErrorId);
    }

    /// <summary>A site whose image has its disk in the registry only.</summary>
    private static async Task<TestSite> PublishedAsync(LibvirtHost host, DockerRegistry registry)
    {
        var test = await TestSite.OpenAsync(host.SshUri);
        var image = await test.PublishMicroAsync();
        var market = new Marketplace { Name = "market", Uri = $"{registry.Address}/lab", Kind = MarketplaceKind.Registry, PlainHttp = true };
        await test.Site.Marketplaces.RegisterAsync(market, new NetworkCredential(DockerRegistry.User, DockerRegistry.Password));
        await test.Site.Marketplaces.PublishAsync("micro:1", "market");
        File.Delete(Path.Combine(test.Folder, "images", "blobs", "sha256", image.DiskDigest["sha256:".Length..]));
        return test;
    }
}
