using StratusLab.Build;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

var tasks = new Tasks(Environment.CurrentDirectory);
try
{
    return (args.FirstOrDefault(), args.Skip(1).ToArray()) switch
    {
        ("build", []) => await tasks.BuildAsync(stop.Token),
        ("test", []) => await tasks.TestAsync(all: false, stop.Token),
        ("test", ["--all"]) => await tasks.TestAsync(all: true, stop.Token),
        ("bench", var names) => await tasks.BenchAsync(names, stop.Token),
        ("docs", []) => await tasks.DocsAsync(stop.Token),
        ("package", []) => await tasks.PackageAsync(stop.Token),
        ("quickstart", var rest) => await tasks.QuickstartAsync(rest, stop.Token),
        _ => Misused(args),
    };
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

static int Misused(string[] args)
{
    Console.Error.WriteLine($"Not understood: {string.Join(' ', args)}. See ./build.sh help.");
    return 2;
}
