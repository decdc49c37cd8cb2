using System.Globalization;
using StratusLab.Benchmarks;
using StratusLab.Rig.Requirements;

// Without names: all benchmarks, one after the other. One line each; the exit code is 1 if a limit was not met.
if (args is [ChildProcess.Marker, .. var child]) return await ChildProcess.AnswerAsync(child);

Benchmark[] all =
[
    new InventoryBenchmark("inventory-unix", limit: 0.7, TimeSpan.Zero, rounds: 9),
    new InventoryBenchmark("inventory-rtt10", limit: 0.05, TimeSpan.FromMilliseconds(10), rounds: 3),
    new FleetBenchmark("create20-shell", limit: 0.6, ShellFleet.CreateAsync, rounds: 3),
    new FleetBenchmark("create20-parallel", limit: 1.15, ShellFleet.StartAsync, rounds: 5),
    new ImportBenchmark(),
    new ListMemoryBenchmark(),
    new UploadMemoryBenchmark(),
    new RegistryBenchmark(RegistryBenchmark.Push, push: true),
    new RegistryBenchmark(RegistryBenchmark.Pull, push: false),
    new PublishBenchmark(),
    new TrustedLaunchBenchmark(),
    new Ec2ProcessBenchmark("ec2-list-process", limit: 0.8, Need.Boto3, "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Peers", "instances.py")),
    new Ec2ProcessBenchmark("ec2-list-awscli", limit: 0.3, Need.AwsCli, "/usr/bin/aws", "ec2", "describe-instances", "--output", "json", "--endpoint-url"),
    new Ec2WarmBenchmark(),
    new BurstDecisionBenchmark(),
    new BurstTraceBenchmark(),
    new BurstScaleBenchmark("burst-scale-1000", 1000, TimeSpan.FromSeconds(540)),
    new BurstScaleBenchmark("burst-scale-4000", 4000, TimeSpan.FromSeconds(1200)),
];
var unknown = args.Except(all.Select(benchmark => benchmark.Name), StringComparer.Ordinal).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"No benchmark is named {string.Join(" or ", unknown)}; there are {string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
    return 2;
}

var code = 0;
foreach (var benchmark in all.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name, StringComparer.Ordinal)))
{
    if ((benchmark.Needs.Select(Requirement.WhyNot).FirstOrDefault(reason => reason is not null) ?? benchmark.Lack) is { } missing)
    {
        Console.WriteLine($"bench {benchmark.Name} skipped: {missing}");
        continue;
    }

    var result = await benchmark.RunAsync(CancellationToken.None);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench {benchmark.Name} ratio={result.Ratio:0.000} limit={benchmark.Limit} ours={result.Ours} peer={result.Peer}"));
    if (!(result.Ratio <= benchmark.Limit)) code = 1;
}

return code;
