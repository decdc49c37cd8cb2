using System.Runtime.Versioning;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Images made out of VMs and of recipes, with guests that boot in seconds.</summary>
[Collection(HostCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class ImageMakingTests(TwoHosts hosts)
{
    private const int BlockCopy = 345, VolumeDownload = 209;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Vm_that_runs_or_is_off_becomes_an_image_whose_VMs_have_its_files_and_other_keys()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);
        await test.PublishMicroAsync();
        var first = await BootAsync(test, "micro:1", "first");
        await InvokeAsync(test, first, "echo precious > /data/proof; echo 'ls secret' > /root/.ash_history; sync");

        var live = await test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = first.Id, Name = "live", Version = "2" });
        await AssertOnlyAsync("first");
        Assert.Equal("live:2", live.Reference);
        Assert.Equal((await test.Site.Images.GetAsync("micro:1")).Digest, live.Parent);
        Assert.Equal(VmState.Running, Assert.Single(await test.ListAsync("first")).State);
        await InvokeAsync(test, first, "echo goes on > /data/later; sync");

        await foreach (var outcome in test.Site.Vms.StopAsync([first.Id], new StopOptions { Force = true, Timeout = TimeSpan.FromSeconds(30) })) Assert.Null(outcome.Error);
        await test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = first.Id, Name = "cold" });
        await AssertOnlyAsync("first");
        Assert.Equal(VmState.Stopped, Assert.Single(await test.ListAsync("first")).State);

        await foreach (var outcome in test.Site.Vms.ChangePowerAsync([first.Id], PowerAction.Start)) Assert.Null(outcome.Error);
        var second = await BootAsync(test, "live:2", "second");
        var third = await BootAsync(test, "cold", "third");
        await AwaitAgentAsync(test, first);
        const string Key = "sha256sum </etc/dropbear/dropbear_ed25519_host_key";
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var vm in new[] { first, second, third }) keys.Add(await InvokeAsync(test, vm, Key));
        Assert.Equal(3, keys.Count);
        Assert.Equal("precious\n", await InvokeAsync(test, second, "cat /data/proof /data/later 2>/dev/null; true"));
        Assert.Equal("precious\ngoes on\n", await InvokeAsync(test, third, "cat /data/proof /data/later; cat /root/.ash_history 2>/dev/null; true"));
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Recipe_puts_files_and_runs_its_script_and_a_failure_leaves_only_the_log()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);
        await test.PublishMicroAsync();
        var file = Path.Combine(test.Folder, "tool");
        await File.WriteAllTextAsync(file, "#!/bin/sh\necho \"it's a tool\"\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var recipe = new ImageRecipe
        {
            Base = "micro:1",
            Name = "tools",
            Script = "echo building 'with care'\n/data/bin/a tool > /data/said\n".Replace("a tool", "'a tool'", StringComparison.Ordinal),
            Files = [new RecipeFile(file, "/data/bin/a tool")],
            LogPath = Path.Combine(test.Folder, "build.log"),
        };

        var image = await test.Site.ImageMaker.BuildAsync(recipe);
        await AssertOnlyAsync();
        Assert.Equal((await test.Site.Images.GetAsync("micro:1")).Digest, image.Parent);
        Assert.Contains("building with care", await File.ReadAllTextAsync(recipe.LogPath), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(recipe.LogPath));

        var failed = await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageMaker.BuildAsync(recipe with { Name = "broken", Script = "echo about to break; false; echo not reached" }));
        Assert.Equal("ImageMakingFailed", failed.ErrorId);
        Assert.Contains("exit code 1", failed.Message, StringComparison.Ordinal);
        Assert.Contains("about to break", failed.Message, StringComparison.Ordinal);
        Assert.Contains(recipe.LogPath, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not reached", await File.ReadAllTextAsync(recipe.LogPath), StringComparison.Ordinal);
        await AssertNothingLeftAsync(test);

        var packages = await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageMaker.BuildAsync(recipe with { Name = "packed", Script = null, Packages = ["nginx"] }));
        Assert.Contains("no package manager", packages.Message, StringComparison.Ordinal);
        var late = await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageMaker.BuildAsync(recipe with { Name = "late", Script = "sleep 1000", Timeout = TimeSpan.FromSeconds(25) }));
        Assert.Equal("ImageMakingTimeout", late.ErrorId);
        await AssertNothingLeftAsync(test);
        Assert.Equal(["micro:1", "tools:latest"], await test.Site.Images.ListAsync().Select(i => i.Reference).ToListAsync());

        var vm = await BootAsync(test, "tools", "user");
        Assert.Equal("it's a tool\nit's a tool\n", await InvokeAsync(test, vm, "cat /data/said; '/data/bin/a tool'"));
        await test.RemoveAsync([vm]);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Guest_without_cloud_init_is_cleaned_by_its_agent_and_one_without_both_is_not_saved()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);
        await test.PublishMicroAsync();
        var first = await BootAsync(test, "micro:1", "first");
        var key = await InvokeAsync(test, first, "echo precious > /data/proof; touch /data/no-cloud-init; sync; sha256sum </etc/dropbear/dropbear_ed25519_host_key");

        await test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = first.Id, Name = "by-agent", Timeout = Patience });
        await AssertOnlyAsync("first");
        var second = await BootAsync(test, "by-agent", "second");
        Assert.Equal("precious\n", await InvokeAsync(test, second, "cat /data/proof"));
        Assert.NotEqual(key, await InvokeAsync(test, second, "sha256sum </etc/dropbear/dropbear_ed25519_host_key"));
        await test.RemoveAsync([second]);

        await InvokeAsync(test, first, "touch /data/no-agent; sync");
        var error = await Assert.ThrowsAsync<StratusException>(() =>
            test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = first.Id, Name = "by-nobody", Timeout = TimeSpan.FromSeconds(40) }));
        Assert.Equal("ImageMakingTimeout", error.ErrorId);
        Assert.Contains("qemu-guest-agent", error.Message, StringComparison.Ordinal);
        Assert.Contains("micro: booted", await File.ReadAllTextAsync(error.Message.Split('\'')[^2]), StringComparison.Ordinal);
        await AssertOnlyAsync("first");

        // As it is, and only when it is off.
        var taking = new ImageSaving { VM = first.Id, Name = "as-it-is", SkipCleaning = true };
        Assert.Equal("VmStateInvalid", (await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageMaker.SaveAsync(taking))).ErrorId);
        await foreach (var outcome in test.Site.Vms.StopAsync([first.Id], new StopOptions { Force = true, Timeout = TimeSpan.Zero })) Assert.Null(outcome.Error);
        var taken = await test.Site.ImageMaker.SaveAsync(taking);
        Assert.Equal((await test.Site.Images.GetAsync("micro:1")).Digest, taken.Parent);
        await AssertOnlyAsync("first");
        Assert.Equal(["as-it-is:latest", "by-agent:latest", "micro:1"], await test.Site.Images.ListAsync().Select(i => i.Reference).ToListAsync());
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Stopped_while_saving_it_comes_back_at_once_and_the_next_change_removes_the_copy()
    {
        await using var test = await TestSite.OpenAsync(hosts.Host.Uri);
        await test.PublishMicroAsync();
        var first = await BootAsync(test, "micro:1", "first");
        using var stop = new CancellationTokenSource();
        var saving = test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = first.Id, Name = "never" }, cancellationToken: stop.Token);
        await Poll.UntilAsync("the copy", async _ => (await hosts.Host.VirshAsync("list", "--name")).Contains("-image-", StringComparison.Ordinal), Patience);

        await stop.CancelAsync();

        // A second is the promise; a busy machine gets some more before this is called broken.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving.WaitAsync(TimeSpan.FromSeconds(10)));
        var other = await BootAsync(test, "micro:1", "other");
        Assert.Equal(0, await test.CountOpenIntentsAsync());
        Assert.Equal(["first", "other"], (await test.ListAsync()).Select(vm => vm.Name).Order(StringComparer.Ordinal));
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Console_log_that_the_host_does_not_hand_out_is_said_and_nothing_is_left()
    {
        await using var proxy = new LibvirtProxy(hosts.Host.Socket, Path.Combine(hosts.Host.Folder, "mute"));
        await using var test = await TestSite.OpenAsync(proxy.Uri);
        await test.PublishMicroAsync();
        var first = await BootAsync(test, "micro:1", "first");
        proxy.OnCall = (packet, _) => new(packet.Program == PacketHeader.RemoteProgram && packet.Procedure == VolumeDownload ? PacketVerdict.Drop : PacketVerdict.Forward);

        var error = await Assert.ThrowsAsync<HostConnectionException>(() => test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = first.Id, Name = "unread", Timeout = Patience }));

        Assert.Equal(("HostTimeout", "host1"), (error.ErrorId, error.Resource));
        proxy.OnCall = null;
        await AssertOnlyAsync("first");
        Assert.Equal(0, await test.CountOpenIntentsAsync());
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Killed_while_saving_the_copy_is_removed_and_the_VM_goes_on()
    {
        await using var proxy = new LibvirtProxy(hosts.Host.Socket, Path.Combine(hosts.Host.Folder, "wire"));
        await using var test = await TestSite.OpenAsync(proxy.Uri);
        await test.PublishMicroAsync();
        var first = await BootAsync(test, "micro:1", "kept");

        await KillAsync(test, process =>
        {
            proxy.OnReply = (packet, _) =>
            {
                if (packet.Program != PacketHeader.RemoteProgram || packet.Procedure != BlockCopy) return new(PacketVerdict.Forward);
                process.Kill();
                return new(PacketVerdict.Cut);
            };
            return Task.CompletedTask;
        });
        proxy.OnReply = null;
        await AssertReapedAsync(test, first);

        await KillAsync(test, async process =>
        {
            await Poll.UntilAsync("the copy", async _ => (await hosts.Host.VirshAsync("list", "--name")).Contains("-image-", StringComparison.Ordinal), Patience);
            process.Kill();
        });
        await AssertReapedAsync(test, first);
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);
    }

    private static async Task KillAsync(TestSite test, Func<SiteProcess, Task> kill)
    {
        using var process = SiteProcess.Start("save", test.Folder, "kept", "never");
        await kill(process);
        Assert.Equal(137, (await process.WaitAsync()).ExitCode);
    }

    private async Task AssertReapedAsync(TestSite test, VirtualMachine vm)
    {
        await test.ReopenAsync();
        await foreach (var repaired in test.Site.RepairAsync()) Assert.Null(repaired.Error);
        await AssertOnlyAsync("kept");
        Assert.Equal(0, await test.CountOpenIntentsAsync());
        Assert.DoesNotContain("<mirror", await hosts.Host.VirshAsync("dumpxml", vm.Id.Key), StringComparison.Ordinal);
        Assert.Equal("goes on\n", await InvokeAsync(test, vm, "echo goes on > /data/now; sync; cat /data/now"));
        Assert.Equal(["micro:1"], await test.Site.Images.ListAsync().Select(i => i.Reference).ToListAsync());
    }

    private static async Task<VirtualMachine> BootAsync(TestSite test, string image, string name)
    {
        var vm = Assert.Single(await test.CreateAsync(new VmSpecification { Image = image, Names = [name], Cpu = 1, Memory = ByteSize.FromMiB(192) }));
        await AwaitAgentAsync(test, vm);
        return vm;
    }

    private static Task AwaitAgentAsync(TestSite test, VirtualMachine vm) =>
        Poll.UntilAsync($"the agent of {vm.Name}", async _ => (await RunAsync(test, vm, "true")).Succeeded, Patience);

    private static async Task<string> InvokeAsync(TestSite test, VirtualMachine vm, string script)
    {
        var result = await RunAsync(test, vm, script);
        Assert.True(result.Succeeded, result.Failure?.Message ?? result.Error);
        return result.Output;
    }

    private static ValueTask<GuestCommandResult> RunAsync(TestSite test, VirtualMachine vm, string script) =>
        test.Site.Guests.InvokeAsync([vm], new GuestCommand { Script = script, Channel = GuestChannel.Agent }).SingleAsync();

    /// <summary>What virsh sees on the host: these VMs, and no volume of any other.</summary>
    private async Task AssertOnlyAsync(params string[] names)
    {
        var (domains, volumes) = await TestSite.LeftOnAsync(hosts.Host);
        Assert.Equal(names, domains);
        Assert.Equal(3 * names.Length, volumes.Length);
    }

    private async Task AssertNothingLeftAsync(TestSite test)
    {
        await AssertOnlyAsync();
        Assert.Equal(0, await test.CountOpenIntentsAsync());
        var scratch = Path.Combine(test.Folder, "scratch");
        Assert.True(!Directory.Exists(scratch) || !Directory.EnumerateFiles(scratch).Any(), "A scratch file is left.");
    }
}
