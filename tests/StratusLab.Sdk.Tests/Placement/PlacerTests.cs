using FsCheck;
using FsCheck.Fluent;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class PlacerTests
{
    [Fact]
    public void Never_above_capacity_and_always_the_same()
    {
        var cases =
            from hosts in Gen.Choose(1, 12)
            from vms in Gen.Choose(0, 80)
            from seed in Gen.Choose(0, int.MaxValue)
            select (hosts, vms, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var random = new Random(c.seed);
            var hosts = Enumerable.Range(1, c.hosts).Select(i => Host($"n{i}", random.Next(1, 32), random.Next(1, 64), random.Next(0, 16), random.Next(0, 8), 0.5 * random.Next(1, 5))).ToList();
            var shapes = Enumerable.Range(0, 3).Select(i => Shape(random.Next(1, 8), random.Next(1, 8)) with { Policy = (PlacementPolicy)random.Next(4), ApartLabel = i == 2 ? "g=1" : null }).ToList();
            var vms = Enumerable.Range(0, c.vms).Select(_ => shapes[random.Next(3)]).ToList();

            var placed = Placer.Place(vms, hosts);
            var again = Placer.Place(vms, [.. hosts.AsEnumerable().Reverse()]);

            return placed.SequenceEqual(again) && hosts.TrueForAll(h => IsWithin(h, vms, placed)) && MissedOnlyWhereFull(hosts, vms, placed);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Spread_over_equal_hosts_differs_by_one_at_most()
    {
        var cases =
            from hosts in Gen.Choose(1, 20)
            from vms in Gen.Choose(0, 300)
            from cpu in Gen.Choose(1, 4)
            select (hosts, vms, cpu);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var hosts = Enumerable.Range(1, c.hosts).Select(i => Host($"n{i}", 64, 128)).ToList();
            var placed = Placer.Place([.. Enumerable.Repeat(Shape(c.cpu, 2), c.vms)], hosts);
            var counts = hosts.Select(h => placed.Count(p => p.Host == h.Definition.Name)).ToList();
            return counts.Max() - counts.Min() <= 1;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Pack_fills_one_host_before_the_next()
    {
        var placed = Placer.Place([.. Enumerable.Repeat(Shape(1, 1) with { Policy = PlacementPolicy.Pack }, 6)], [Host("a", 4, 64), Host("b", 4, 64), Host("c", 4, 64)]);
        Assert.Equal(["a", "a", "a", "a", "b", "b"], placed.Select(p => p.Host));
        Assert.Contains("fullest of 3", placed[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_not_overcommitted_unless_the_host_says_so()
    {
        var host = Host("a", 64, 4);
        Assert.Equal(4, Placer.Place([.. Enumerable.Repeat(Shape(1, 1), 10)], [host]).Count(p => p.Host is not null));
        var generous = host with { Definition = host.Definition with { MemoryOvercommit = 2 } };
        Assert.Equal(8, Placer.Place([.. Enumerable.Repeat(Shape(1, 1), 10)], [generous]).Count(p => p.Host is not null));
    }

    [Fact]
    public void Cpu_is_overcommitted_by_the_hosts_ratio()
    {
        var host = Host("a", 2, 64, overcommit: 4);
        Assert.Equal(8, Placer.Place([.. Enumerable.Repeat(Shape(1, 1), 10)], [host]).Count(p => p.Host is not null));
    }

    [Fact]
    public void Vms_that_keep_apart_get_a_host_each_and_shun_those_that_have_one()
    {
        var taken = Host("c", 8, 64) with { VmLabels = new HashSet<string> { "db=main" } };
        var placed = Placer.Place([.. Enumerable.Repeat(Shape(1, 1) with { ApartLabel = "db=main" }, 3)], [Host("a", 8, 64), Host("b", 8, 64), taken]);
        Assert.Equal(["a", "b", null], placed.Select(p => p.Host));
        Assert.Contains("c: has a VM with db=main already", placed[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_host_that_is_out_says_why()
    {
        var down = Host("down", 8, 64);
        var shape = Shape(1, 1) with { HostLabels = new Dictionary<string, string> { ["rack"] = "a" }, Firmware = Firmware.Uefi, Architecture = "x86_64", HostNames = ["*"], Storage = ByteSize.FromMiB(16) };
        HostSnapshot Labelled(string name, string rack = "a") => Host(name, 8, 64) with { Definition = new HostDefinition { Name = name, Uri = "sim://x", Labels = new Dictionary<string, string> { ["rack"] = rack } } };
        var reason = Placer.Place([shape],
        [
            Host("bare", 8, 64),
            Labelled("other", "b"),
            Labelled("bios") with { Capabilities = ProviderCapabilities.None },
            Labelled("arm") with { Status = down.Status with { Host = "arm", Architecture = "aarch64" } },
            Labelled("gone") with { Status = down.Status with { Host = "gone", Health = HostHealth.Unreachable, Problem = "connection refused" } },
            Labelled("full") with { Status = down.Status with { Host = "full", Cpu = 0 } },
            Labelled("diskless") with { Status = down.Status with { Host = "diskless", StorageFree = ByteSize.Zero } },
        ])[0].Reason;

        Assert.Contains("bare: has no label 'rack'", reason, StringComparison.Ordinal);
        Assert.Contains("other: label rack is 'b', not 'a'", reason, StringComparison.Ordinal);
        Assert.Contains("bios: cannot boot UEFI images", reason, StringComparison.Ordinal);
        Assert.Contains("arm: is aarch64, the image is for x86_64", reason, StringComparison.Ordinal);
        Assert.Contains("gone: does not answer: connection refused", reason, StringComparison.Ordinal);
        Assert.Contains("full: 0 of 0 virtual CPUs free, 1 needed", reason, StringComparison.Ordinal);
        Assert.Contains("diskless: 0B free in pool 'default'", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_are_about_to_create_counts()
    {
        var reserved = Host("a", 4, 8) with { ReservedCpu = 3, ReservedMemory = ByteSize.FromGiB(7) };
        Assert.Equal(1, Placer.Place([.. Enumerable.Repeat(Shape(1, 1), 3)], [reserved]).Count(p => p.Host is not null));
    }

    [Fact]
    public void An_image_takes_its_room_once_per_host()
    {
        var shape = Shape(1, 1) with { Storage = ByteSize.FromMiB(16), ImageStorage = ByteSize.FromGiB(1), ImageDigest = "sha256:1" };
        var host = Host("a", 64, 64) with { Status = Host("a", 64, 64).Status with { StorageFree = ByteSize.FromMiB(1024 + 32) } };
        Assert.Equal(2, Placer.Place([.. Enumerable.Repeat(shape, 3)], [host]).Count(p => p.Host is not null));
        var there = host with { Images = new HashSet<string> { "sha256:1" } };
        Assert.Equal(3, Placer.Place([.. Enumerable.Repeat(shape, 3)], [there]).Count(p => p.Host is not null));
    }

    private static bool IsWithin(HostSnapshot host, List<PlacementShape> vms, IReadOnlyList<Assignment> placed)
    {
        var mine = vms.Where((_, i) => placed[i].Host == host.Definition.Name).ToList();
        if (mine.Count == 0) return true;
        return host.Status.CpuAllocated + mine.Sum(v => v.Cpu) <= host.Status.Cpu * host.Definition.CpuOvercommit
            && host.Status.MemoryAllocated.Bytes + mine.Sum(v => v.Memory.Bytes) <= host.Status.Memory.Bytes * host.Definition.MemoryOvercommit
            && mine.Count(v => v.ApartLabel is not null) <= 1;
    }

    // A VM that got no host would not fit on any after all was placed, as room never comes back.
    private static bool MissedOnlyWhereFull(List<HostSnapshot> hosts, List<PlacementShape> vms, IReadOnlyList<Assignment> placed)
    {
        var loads = hosts.ConvertAll(h => new HostLoad(h));
        for (var i = 0; i < vms.Count; i++) loads.Find(l => l.Name == placed[i].Host)?.Take(vms[i]);
        return !vms.Where((v, i) => placed[i].Host is null && loads.Exists(l => l.HasRoom(v))).Any();
    }

    private static PlacementShape Shape(int cpu, int memory) => new() { Cpu = cpu, Memory = ByteSize.FromGiB(memory) };

    private static HostSnapshot Host(string name, int cpu, int memory, int cpuUsed = 0, int memoryUsed = 0, double overcommit = 1) => new()
    {
        Definition = new HostDefinition { Name = name, Uri = "sim://" + name, CpuOvercommit = overcommit },
        Status = new HostStatus
        {
            Host = name,
            Health = HostHealth.Ready,
            Architecture = "x86_64",
            Cpu = cpu,
            CpuAllocated = cpuUsed,
            Memory = ByteSize.FromGiB(memory),
            MemoryAllocated = ByteSize.FromGiB(memoryUsed),
            Storage = ByteSize.FromGiB(1000),
            StorageFree = ByteSize.FromGiB(1000),
        },
        Capabilities = ProviderCapabilities.Uefi,
    };
}
