using System.Globalization;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests;

/// <summary>The module in a real pwsh against real hosts.</summary>
[Collection(HostCollection.Name)]
public sealed class PowerShellTests(TwoHosts hosts, ITestOutputHelper output)
{
    // The promise is a second; a busy machine that also boots twenty guests gets some more before this is called broken.
    private const double BackWithin = 3;

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Pwsh)]
    public async Task WhatIf_sends_no_call_that_changes_anything()
    {
        var folder = Directory.CreateTempSubdirectory("wire-");
        await using var proxy = new LibvirtProxy(hosts.Host.Socket, Path.Combine(folder.FullName, "s"));
        await using var test = await TestSite.OpenAsync(proxy.Uri);
        await test.PublishMicroAsync();
        await test.CreateAsync(new VmSpecification { Image = "micro:1", Names = ["victim"], Cpu = 1, Memory = ByteSize.FromMiB(128) });
        Assert.NotEqual(0, proxy.ChangingCalls);
        proxy.ResetCounts();

        await RunAsync("WhatIf.ps1", test, await GuestImages.MicroAsync());

        Assert.NotEmpty(proxy.Calls);
        Assert.Equal(0, proxy.ChangingCalls);
        await test.RemoveAsync(await test.ListAsync());
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Pwsh)]
    public async Task Twenty_vms_by_pipeline_leave_nothing_behind()
    {
        await using var test = await TestSite.OpenAsync([.. hosts.Hosts.Select(host => host.Uri)]);
        await test.PublishMicroAsync();

        await RunAsync("Fleet.ps1", test);

        await AssertNothingLeftAsync(test);
    }

    [RequiresFact(Need.LibvirtHost, Need.DebianGuest, Need.Ssh, Need.Pwsh)]
    public async Task A_real_debian_is_made_reached_and_removed()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);

        var lines = await RunAsync("Debian.ps1", test, await GuestImages.DebianAsync());

        Assert.Contains("made StratusLab.Core.VirtualMachine atlas Running", lines);
        Assert.Contains("cloud-init is done on atlas", lines);
        Assert.Contains("hostname StratusLab.Sdk.GuestCommandResult 0 atlas", lines);
        Assert.Contains("runcmd 0 applied as debian", lines);
        Assert.Contains("stranger GuestAccessDenied,StratusLab.PowerShell.Commands.InvokeStratusVMCommand", lines);
        Assert.Contains("without the key WaitTimeout,StratusLab.PowerShell.Commands.WaitStratusVMCommand", lines);
        Assert.Contains("with the key atlas", lines);
        await AssertNothingLeftAsync(test);
    }

    /// <summary>Two boots of it, one after the other, take a quarter of an hour without KVM.</summary>
    [RequiresFact(Need.LibvirtHost, Need.DebianGuest, Need.Ssh, Need.Pwsh)]
    [Trait("Category", "Long")]
    public async Task A_real_debian_becomes_an_image_for_others_while_it_runs()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);

        var lines = await RunAsync("Debian.ps1", test, await GuestImages.DebianAsync(), "-Save");

        Assert.Contains("saved saved:1 from True user debian", lines);
        Assert.Contains("vms atlas", lines);
        Assert.Contains("goes on 0", lines);
        Assert.Contains(lines, line => line.StartsWith("files what the first holds too second", StringComparison.Ordinal) && line.EndsWith("directory", StringComparison.Ordinal));
        Assert.Contains("key is another True, machine-id is another True", lines);
        Assert.Contains("both are whole True 32", lines);
        await AssertNothingLeftAsync(test);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.Pwsh)]
    public async Task Ending_early_comes_back_at_once_and_tells_what_is_left()
    {
        await using var test = await TestSite.OpenAsync([.. hosts.Hosts.Select(host => host.Uri)]);
        await test.PublishMicroAsync();

        var lines = await RunAsync("Stopping.ps1", test);

        Assert.InRange(Seconds(lines, "select"), 0, BackWithin);
        Assert.InRange(Seconds(lines, "stop"), 0, BackWithin);
        Assert.Contains(lines, line => line.StartsWith("told ", StringComparison.Ordinal) && line.Length > "told ".Length);
        Assert.Contains("intents 0", lines);
        await AssertNothingLeftAsync(test);
    }

    private static double Seconds(string[] lines, string beginning) =>
        double.Parse(lines.Single(line => line.StartsWith(beginning, StringComparison.Ordinal)).Split(' ')[^2], CultureInfo.InvariantCulture);

    private async Task AssertNothingLeftAsync(TestSite test)
    {
        foreach (var host in hosts.Hosts)
        {
            var (domains, volumes) = await TestSite.LeftOnAsync(host);
            Assert.Empty(domains);
            Assert.Empty(volumes);
        }

        Assert.Equal(0, await test.CountOpenIntentsAsync());
    }

    private async Task<string[]> RunAsync(string script, TestSite test, params string[] arguments)
    {
        var module = Path.Combine(Repository.Root, "artifacts", "module", "StratusLab");
        var path = Path.Combine(Repository.Root, "tests", "StratusLab.EndToEnd.Tests", "Scripts", script);
        var lines = await ShellRun.RunAsync(test.Folder, path, [module, .. arguments]);
        output.WriteLine(string.Join('\n', lines));
        Assert.Equal("done", lines[^1]);
        return lines;
    }
}
