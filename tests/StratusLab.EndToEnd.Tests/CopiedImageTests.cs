using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>An image on its way from one centre to another by a client that is not ours, to a guest on a real host.</summary>
[Collection(HostCollection.Name)]
public sealed class CopiedImageTests(TwoHosts hosts)
{
    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Registry, Need.Skopeo)]
    public async Task What_another_client_copied_between_registries_boots()
    {
        await using var ours = await DockerRegistry.StartAsync();
        await using var theirs = await DockerRegistry.StartAsync();
        await using var here = await TestSite.OpenAsync();
        var image = await here.PublishMicroAsync();
        await here.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "lab", Uri = $"{ours.Address}/lab" });
        await here.Site.Marketplaces.PublishAsync("micro:1", "lab");
        await Command.RunAsync("skopeo", ["copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{ours.Address}/lab/micro:1", $"docker://{theirs.Address}/copies/tiny:7"]);

        await using var there = await TestSite.OpenAsync(hosts.Host.Uri);
        await there.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "copies", Uri = $"{theirs.Address}/copies" });
        var received = await there.Site.Marketplaces.ReceiveAsync("copies/tiny:7");
        Assert.Equal(("tiny:7", image.Digest), (received.Reference, received.Digest));
        var vm = Assert.Single(await there.CreateAsync(new VmSpecification { Image = "tiny:7", Names = ["copied"], Cpu = 1, Memory = ByteSize.FromMiB(128) }));

        var waited = await there.Site.Vms.WaitAsync([vm.Id], VmCondition.Address, TimeSpan.FromMinutes(3)).SingleAsync();
        Assert.Null(waited.Error);
        Assert.Equal(image.Digest, waited.Vm!.ImageDigest);
        await there.RemoveAsync([vm]);
    }
}
