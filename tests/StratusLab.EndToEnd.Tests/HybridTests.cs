using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Guests;
using StratusLab.Rig;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests;

/// <summary>KVM and EC2 behind the same cmdlets: alike one by one, and together.</summary>
[Collection(HostCollection.Name)]
public sealed class HybridTests(TwoHosts hosts, ITestOutputHelper output)
{
    private static readonly string Module = Path.Combine(Repository.Root, "artifacts", "module", "StratusLab");

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.InstanceGuest, Need.Ssh, Need.Pwsh)]
    public async Task The_quickstart_shows_the_same_objects_and_columns_on_both()
    {
        await using var emulator = await Ec2Emulator.StartAsync(new EmulatorOptions { Guests = await NamespaceGuests.StartAsync() });
        var folder = Directory.CreateTempSubdirectory("stratus-quick-");
        try
        {
            var (kvm, kvmObjects) = await QuickstartAsync(folder.CreateSubdirectory("kvm").FullName, hosts.Host.Uri);
            var (ec2, ec2Objects) = await QuickstartAsync(folder.CreateSubdirectory("ec2").FullName, Uri(emulator));

            Assert.Equal(4, kvm.Count);
            Assert.Equal(kvm, ec2);
            Assert.Equal(kvmObjects, ec2Objects);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.Equal(3 + 1, emulator.Cloud.Launched);
        AssertNothingLeft(emulator);
        Assert.Equal(0, emulator.Cloud.Images.Count(image => image.OwnerId == emulator.Cloud.Options.AccountId));
        Assert.Empty((await TestSite.LeftOnAsync(hosts.Host)).Domains);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Pwsh)]
    public async Task Thirty_vms_fill_two_hosts_and_the_rest_goes_to_EC2()
    {
        await using var emulator = await Ec2Emulator.StartAsync();
        await using var test = await TestSite.OpenAsync([.. hosts.Hosts.Select(host => host.Uri)]);
        foreach (var host in (string[])["host1", "host2"]) await test.Site.Hosts.SetAsync(host, new HostChange { MaxVm = 6 });
        await test.PublishMicroAsync();
        await ShellRun.RunAsync(test.Folder, Script("AddRegion.ps1"), Module, Uri(emulator));

        var lines = await ShellRun.RunAsync(test.Folder, Script("Hybrid.ps1"), Module);

        output.WriteLine(string.Join('\n', lines));
        Assert.Equal(["aws 18", "host1 6", "host2 6", "rows 30", "left 0", "done"], lines);
        Assert.Equal(18, emulator.Cloud.Launched);
        AssertNothingLeft(emulator);
        foreach (var host in hosts.Hosts)
        {
            var (domains, volumes) = await TestSite.LeftOnAsync(host);
            Assert.Empty(domains);
            Assert.Empty(volumes);
        }

        Assert.Equal(0, await test.CountOpenIntentsAsync());
        await ShellRun.RunAsync(test.Folder, Script("AddRegion.ps1"), Module, "");
    }

    // What is meant to stay is the machine image and its snapshot.
    private static void AssertNothingLeft(Ec2Emulator emulator)
    {
        Assert.Equal(0, emulator.Cloud.Alive);
        Assert.Empty(emulator.Cloud.Volumes);
        Assert.Empty(emulator.Violations);
    }

    private static async Task<(List<string> Headers, List<string> Objects)> QuickstartAsync(string folder, string uri)
    {
        var (key, image) = (Path.Combine(folder, "key"), await GuestImages.MicroAsync());
        await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "quickstart", "-f", key]);
        var shown = await ShellRun.RunAsync(Path.Combine(folder, "shown"), Path.Combine(Repository.Root, "docs", "quickstart", "quickstart.ps1"), "-Uri", uri, "-ImagePath", image, "-KeyPath", key);
        var objects = await ShellRun.RunAsync(Path.Combine(folder, "objects"), Script("Objects.ps1"), Module, uri, image, key);
        // A table's header is the line above the dashes; how wide a column is depends on what is in it.
        var headers = shown.Zip(shown.Skip(1)).Where(pair => pair.Second.All(c => c is '-' or ' ')).Select(pair => string.Join(' ', pair.First.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        return ([.. headers], [.. objects]);
    }

    private static string Uri(Ec2Emulator emulator) => $"ec2://eu-west-1?endpoint={System.Uri.EscapeDataString(emulator.Endpoint.AbsoluteUri)}";

    private static string Script(string name) => Path.Combine(Repository.Root, "tests", "StratusLab.EndToEnd.Tests", "Scripts", name);
}
