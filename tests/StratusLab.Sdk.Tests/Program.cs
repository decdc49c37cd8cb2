using StratusLab.Core;
using StratusLab.Oci;
using StratusLab.Sim;

namespace StratusLab.Sdk.Tests;

/// <summary>What the tests run in processes of their own: those that are killed, and those that race.</summary>
internal static class Program
{
    public const string Ready = "ready";

    public static async Task<int> Main(string[] args)
    {
        await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = args[1], Providers = [new SimProviderFactory()] });
        switch (args[0])
        {
            case "hold":
                await OpenAsync(site, int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
                Console.WriteLine(Ready);
                await Task.Delay(Timeout.Infinite);
                return 0;
            case "race":
                for (var i = 0; i < 10; i++)
                {
                    await site.Sizes.AddAsync(new VmSize($"p{Environment.ProcessId}-{i}", 1, ByteSize.FromGiB(1), ByteSize.Zero));
                    var entries = await OpenAsync(site, 20);
                    await site.Journal.SettleAsync([.. entries.Select(e => new JournalSettlement(e.Id, JournalState.Done, null))]);
                }

                Console.WriteLine(site.Name);
                return 0;
            case "repair":
                await foreach (var outcome in site.RepairAsync()) Console.WriteLine($"{outcome.Entry.Id} {outcome.Result}");
                return 0;
            case "publish":
                site.Marketplaces.Transport = Copying;
                await site.Marketplaces.PublishAsync(args[2], args[3]);
                return 0;
            case "receive":
                site.Marketplaces.Transport = Copying;
                Console.WriteLine((await site.Marketplaces.ReceiveAsync(args[2])).Digest);
                return 0;
            default:
                return 2;
        }
    }

    // Pieces so small that a process can be killed between many of them.
    private static RegistryOptions Copying => new() { ChunkSize = 256 << 10, RetryDelay = TimeSpan.FromMilliseconds(100) };

    public static Task<IReadOnlyList<JournalEntry>> OpenAsync(StratusSite site, int count) => site.Journal.OpenAsync(
        [.. Enumerable.Range(0, count).Select(i => JournalIntent.Create("node1", Request($"vm{i}")))], CancellationToken.None);

    public static VmRequest Request(string name) => new()
    {
        RequestId = Guid.NewGuid(),
        Name = name,
        Image = new ImageDescriptor { Name = "x", Version = "1", Digest = "sha256:0", DiskDigest = "sha256:0", DiskLength = 1, Format = DiskFormat.Raw, VirtualSize = ByteSize.FromMiB(1) },
        Cpu = 1,
        Memory = ByteSize.FromMiB(512),
        Owner = "o",
        Site = "s",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Guest = new GuestSetup { SshKeys = ["ssh-ed25519 AAAA"], UserData = "#cloud-config\npassword: hunter2", NetworkConfig = "wifi: hunter3" },
    };
}
