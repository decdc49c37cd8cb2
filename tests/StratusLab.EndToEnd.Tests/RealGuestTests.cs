using StratusLab.Core;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>A real distribution with real cloud-init, from image to command.</summary>
[Collection(HostCollection.Name)]
public sealed class RealGuestTests(TwoHosts hosts)
{
    [RequiresFact(Need.LibvirtHost, Need.DebianGuest, Need.Ssh)]
    public async Task Cloud_init_applies_host_name_key_and_runcmd()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);
        await test.Site.Images.PublishAsync(new ImagePublication { Path = await GuestImages.DebianAsync(), Name = "debian", Version = "12", DefaultUser = "debian" });
        var key = await MakeKeyAsync(test);

        var vms = await test.CreateAsync(new VmSpecification
        {
            Image = "debian:12",
            Names = ["atlas"],
            Cpu = 1,
            Memory = ByteSize.FromMiB(512),
            SshKeys = [(await File.ReadAllTextAsync(key + ".pub")).Trim()],
            UserData = "#cloud-config\nruncmd:\n  - [sh, -c, 'echo applied > /run/stratus-runcmd']\n",
        });
        var ids = vms.Select(vm => vm.Id).ToList();
        var access = new GuestAccess { KeyFile = key };
        foreach (var condition in new[] { VmCondition.Ssh, VmCondition.CloudInit })
        {
            await foreach (var outcome in test.Site.Vms.WaitAsync(ids, condition, TimeSpan.FromMinutes(20), access: access)) Assert.Null(outcome.Error);
        }

        var command = new GuestCommand { CommandLine = "hostname; cat /run/stratus-runcmd", Channel = GuestChannel.Ssh, KeyFile = key };
        var results = new List<GuestCommandResult>();
        await foreach (var result in test.Site.Guests.InvokeAsync(await test.ListAsync(), command)) results.Add(result);
        var only = Assert.Single(results);
        Assert.Null(only.Failure);
        Assert.Equal("atlas\napplied\n", only.Output);

        await test.RemoveAsync(await test.ListAsync());
        Assert.Empty((await TestSite.LeftOnAsync(hosts.Host)).Domains);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Ssh, Need.Uefi)]
    public async Task Uefi_image_boots_with_uefi_also_again_and_leaves_no_variables()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);
        await test.Site.Images.PublishAsync(new ImagePublication { Path = await GuestImages.MicroAsync(), Name = "micro", Version = "uefi", Firmware = Firmware.Uefi });
        var key = await MakeKeyAsync(test);
        var vms = await test.CreateAsync(new VmSpecification
        {
            Image = "micro:uefi",
            Names = ["uefi"],
            Cpu = 1,
            Memory = ByteSize.FromMiB(256),
            SshKeys = [(await File.ReadAllTextAsync(key + ".pub")).Trim()],
        });
        Assert.NotEmpty(Variables());
        Assert.Equal("uefi", await FirmwareOfAsync(test, key));

        var ids = vms.Select(vm => vm.Id).ToList();
        await foreach (var outcome in test.Site.Vms.StopAsync(ids, new StopOptions { Force = true, Timeout = TimeSpan.Zero })) Assert.Null(outcome.Error);
        await foreach (var outcome in test.Site.Vms.ChangePowerAsync(ids, PowerAction.Start)) Assert.Null(outcome.Error);
        Assert.Equal("uefi", await FirmwareOfAsync(test, key));

        await test.RemoveAsync(await test.ListAsync());
        var (domains, volumes) = await TestSite.LeftOnAsync(hosts.Host);
        Assert.Empty(domains);
        Assert.Empty(volumes);
        Assert.Empty(Variables());

        string[] Variables() => [.. Directory.EnumerateFiles(hosts.Host.VariablesFolder)];
    }

    private static async Task<string> MakeKeyAsync(TestSite test)
    {
        var key = Path.Combine(test.Folder, "id");
        await Rig.Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
        return key;
    }

    private static async Task<string> FirmwareOfAsync(TestSite test, string key)
    {
        var vms = await test.ListAsync();
        await foreach (var outcome in test.Site.Vms.WaitAsync([.. vms.Select(vm => vm.Id)], VmCondition.Ssh, TimeSpan.FromMinutes(15))) Assert.Null(outcome.Error);
        var command = new GuestCommand { CommandLine = "test -d /sys/firmware/efi && echo uefi || echo bios", Channel = GuestChannel.Ssh, KeyFile = key };
        var outputs = new List<string>();
        await foreach (var result in test.Site.Guests.InvokeAsync(await test.ListAsync(), command)) outputs.Add((result.Failure?.Message ?? result.Output).Trim());
        return Assert.Single(outputs);
    }
}
