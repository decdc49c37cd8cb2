using System.Diagnostics;
using System.Net;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class GuestTests
{
    [Fact]
    public async Task Commands_and_scripts_run_over_the_agent_one_result_per_guest()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(2, "boot=1ms");
        await test.PublishAsync();
        await test.CreateAsync("atlas", 4);
        var vms = await test.ListAsync();
        await foreach (var outcome in test.Site.Vms.WaitAsync([.. vms.Select(v => v.Id)], VmCondition.Address, TimeSpan.FromSeconds(60))) Assert.Null(outcome.Error);

        var results = await test.Site.Guests.InvokeAsync(vms, new GuestCommand { CommandLine = "hostname", Channel = GuestChannel.Agent }).ToListAsync();

        Assert.Equal(vms.Select(v => v.Name), results.Select(r => r.Name).Order(StringComparer.Ordinal));
        Assert.All(results, r => Assert.Equal((r.Name, 0, GuestChannel.Agent), (r.Output.Trim(), r.ExitCode, r.Channel)));
    }

    [Fact]
    public async Task A_guest_that_cannot_be_entered_fails_alone()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1, "boot=1ms&agent=ignore&dhcp=ignore");
        await test.PublishAsync();
        await test.CreateAsync("atlas", 1);

        var result = Assert.Single(await test.Site.Guests.InvokeAsync(await test.ListAsync(), new GuestCommand { CommandLine = "true" }).ToListAsync());

        Assert.Equal("GuestUnreachable", result.Failure!.ErrorId);
        Assert.Null(result.ExitCode);
    }

    [Fact]
    public async Task A_command_needs_a_line_or_a_script()
    {
        await using var test = await TestSite.OpenAsync();
        foreach (var command in new[] { new GuestCommand(), new GuestCommand { CommandLine = "a", Script = "b" }, new GuestCommand { CommandLine = "a", ThrottleLimit = 0 }, new GuestCommand { CommandLine = "a", KeyFile = "/no/such" } })
            Assert.Throws<InvalidInputException>(() => test.Site.Guests.InvokeAsync([], command));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it's; rm -rf /")]
    [InlineData("$(reboot) `id` \"x\" \\ * ? ~ !\t#\n new line")]
    [InlineData("")]
    [InlineData("-n")]
    public async Task A_quoted_word_reaches_a_program_unchanged(string word)
    {
        var run = await ProcessRun.RunAsync(new SshCommand("sh", ["-c", PosixShell.Append("printf %s", ["x" + word])]), default, CancellationToken.None);
        Assert.Equal("x" + word, run.Output);
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_cut_and_the_program_still_ends()
    {
        var run = await ProcessRun.RunAsync(new SshCommand("sh", ["-c", "head -c 20000000 /dev/zero; echo done >&2; exit 3"]), default, CancellationToken.None);
        Assert.Equal((3, (int)GuestService.MaxOutput.Bytes, true, "done\n"), (run.ExitCode, run.Output.Length, run.IsTruncated, run.Error));
    }

    [Fact]
    public async Task A_program_no_longer_wanted_is_ended()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProcessRun.RunAsync(new SshCommand("sleep", ["600"]), default, stop.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task The_terminal_call_has_options_of_its_own_and_no_shell()
    {
        await using var test = await TestSite.OpenAsync();
        var vm = new VirtualMachine { Id = new VmId("node1", "4be6"), Name = "a", State = VmState.Running, IPAddresses = [IPAddress.Parse("10.0.0.9")], DefaultUser = "debian" };

        var call = test.Site.Guests.BuildInteractive(vm);

        Assert.Equal("ssh", call.Program);
        Assert.Equal(["-l", "debian", "--", "10.0.0.9"], call.Arguments.TakeLast(4));
        Assert.Contains("-oHostKeyAlias=stratus-4be6", call.Arguments);
        Assert.DoesNotContain("-oBatchMode=yes", call.Arguments);
        Assert.Throws<InvalidInputException>(() => test.Site.Guests.BuildInteractive(vm, "-oProxyCommand=evil"));
        Assert.Equal("NoAddress", Assert.Throws<StratusException>(() => test.Site.Guests.BuildInteractive(vm with { IPAddresses = [] })).ErrorId);
    }
}
