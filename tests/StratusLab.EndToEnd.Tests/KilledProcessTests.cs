using System.Globalization;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>
/// Kills a process (SIGKILL) before and after each call by which it changes the host, in creating and in deleting. The steps
/// are not listed here: a first, undisturbed run counts them.
/// </summary>
[Collection(HostCollection.Name)]
public sealed class KilledProcessTests(TwoHosts hosts)
{
    private const int SigKilled = 137;

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Killed_while_creating_leaves_no_orphan_and_no_duplicate()
    {
        await using var wire = Wire.Before(hosts.Host);
        await using var test = await TestSite.OpenAsync(wire.Proxy.Uri);
        await test.PublishMicroAsync();

        // The image is not on the host yet: sending it is among the steps, here and below.
        var steps = await wire.CountAsync("create", test.Folder, "micro:1", "victim");
        Assert.True(steps >= 6, $"Only {steps} steps were seen: a base and its content, an overlay, a seed, a definition and a start at the least.");
        await test.ReopenAsync();
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);

        for (var step = 1; step <= steps; step++)
        {
            foreach (var moment in Enum.GetValues<Moment>())
            {
                await TestSite.ForgetImagesAsync(hosts.Host);
                await wire.KillAtAsync(step, moment, "create", test.Folder, "micro:1", "victim");

                await test.ReopenAsync();
                await foreach (var repaired in test.Site.RepairAsync()) Assert.Null(repaired.Error);
                Assert.Equal(0, await test.CountOpenIntentsAsync());
                var (domains, volumes) = await TestSite.LeftOnAsync(hosts.Host);
                Assert.True(domains.Length <= 1, $"{moment} step {step}: {string.Join(", ", domains)}");
                if (domains.Length == 0) Assert.True(volumes.Length == 0, $"{moment} step {step}: orphans {string.Join(", ", volumes)}");
                foreach (var vm in await test.ListAsync()) Assert.Equal(Core.VmState.Running, vm.State);

                // The name is free again or belongs to the one VM: asking again makes one where there is none, and never a second.
                var (exitCode, output, error) = await Wire.RunAsync("create", test.Folder, "micro:1", "victim");
                Assert.True(exitCode == 0, error);
                Assert.Equal(domains.Length == 1, output.Contains("VmNameTaken", StringComparison.Ordinal));
                var vms = await test.ListAsync();
                Assert.Single(vms);
                await test.RemoveAsync(vms);
                await AssertNothingLeftAsync(test);
            }
        }
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Killed_while_deleting_leaves_nothing()
    {
        await using var wire = Wire.Before(hosts.Host);
        await using var test = await TestSite.OpenAsync(wire.Proxy.Uri);
        await test.PublishMicroAsync();
        await Wire.RunAsync("create", test.Folder, "micro:1", "victim");
        var steps = await wire.CountAsync("remove", test.Folder, "victim");
        Assert.True(steps >= 3, $"Only {steps} steps were seen: to destroy, to undefine and to delete volumes at the least.");
        await AssertNothingLeftAsync(test);

        for (var step = 1; step <= steps; step++)
        {
            foreach (var moment in Enum.GetValues<Moment>())
            {
                await Wire.RunAsync("create", test.Folder, "micro:1", "victim");
                await wire.KillAtAsync(step, moment, "remove", test.Folder, "victim");

                await test.ReopenAsync();
                await foreach (var repaired in test.Site.RepairAsync()) Assert.Null(repaired.Error);
                await AssertNothingLeftAsync(test);
            }
        }
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task The_next_command_repairs_by_itself()
    {
        await using var wire = Wire.Before(hosts.Host);
        await using var test = await TestSite.OpenAsync(wire.Proxy.Uri);
        await test.PublishMicroAsync();
        await wire.KillAtAsync(1, Moment.AfterEffect, "create", test.Folder, "micro:1", "victim");

        var (exitCode, _, error) = await Wire.RunAsync("create", test.Folder, "micro:1", "next");

        Assert.True(exitCode == 0, error);
        Assert.Equal(0, await test.CountOpenIntentsAsync());
        Assert.Equal("next", Assert.Single(await test.ListAsync()).Name);
        await test.RemoveAsync(await test.ListAsync());
        await AssertNothingLeftAsync(test);
    }

    private async Task AssertNothingLeftAsync(TestSite test)
    {
        var (domains, volumes) = await TestSite.LeftOnAsync(hosts.Host);
        Assert.Empty(domains);
        Assert.Empty(volumes);
        Assert.Equal(0, await test.CountOpenIntentsAsync());
    }

    private enum Moment
    {
        BeforeEffect,
        AfterEffect,
    }

    /// <summary>The wire between a process and the host, at which changing calls are numbered.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wire-");

        private Wire(LibvirtHost host) => Proxy = new LibvirtProxy(host.Socket, Path.Combine(_folder.FullName, "s"));

        public LibvirtProxy Proxy { get; }

        public static Wire Before(LibvirtHost host) => new(host);

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            _folder.Delete(recursive: true);
        }

        public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
        {
            using var process = SiteProcess.Start(arguments);
            return await process.WaitAsync();
        }

        public async Task<int> CountAsync(params string[] arguments)
        {
            Proxy.ResetCounts();
            var (exitCode, output, error) = await RunAsync(arguments);
            Assert.True(exitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{exitCode}: {output} {error}"));
            return Proxy.ChangingCalls;
        }

        public async Task KillAtAsync(int step, Moment moment, params string[] arguments)
        {
            var seen = 0;
            uint? serial = null;
            SiteProcess? process = null;
            ValueTask<PacketVerdict> Kill()
            {
                process!.Kill();
                return new(PacketVerdict.Cut);
            }

            Proxy.OnCall = (packet, _) =>
            {
                if (packet.Program != PacketHeader.RemoteProgram || ReadingProcedures.Contains(packet.Procedure)) return new(PacketVerdict.Forward);
                if (Interlocked.Increment(ref seen) != step) return new(PacketVerdict.Forward);
                if (moment == Moment.BeforeEffect) return Kill();
                serial = packet.Serial;
                return new(PacketVerdict.Forward);
            };
            Proxy.OnReply = (packet, _) => packet.Serial == serial ? Kill() : new(PacketVerdict.Forward);
            process = SiteProcess.Start(arguments);
            using (process)
            {
                var (exitCode, output, error) = await process.WaitAsync();
                Assert.True(exitCode == SigKilled, $"{moment} step {step} was not reached: {exitCode} {output} {error}");
            }

            Proxy.OnCall = null;
            Proxy.OnReply = null;
        }
    }
}
