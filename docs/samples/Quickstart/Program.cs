using System.Diagnostics;
using System.Globalization;
using StratusLab.Core;
using StratusLab.Ec2;
using StratusLab.Kvm;
using StratusLab.Sdk;

// From an image file to three running VMs and back, on one host, without PowerShell.
//   Quickstart URI IMAGE-FILE PRIVATE-KEY-FILE     or, after an interrupted one,     Quickstart --remove
if (args is not ([_, _, _] or ["--remove"]))
{
    Console.Error.WriteLine("usage: Quickstart URI IMAGE-FILE PRIVATE-KEY-FILE | --remove");
    return 2;
}

const string HostName = "quick";
const string ImageName = "micro";

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
var clock = Stopwatch.StartNew();

await using var site = await StratusSite.OpenAsync(new SiteOptions { Providers = [new KvmProviderFactory(), new Ec2ProviderFactory()] }, stop.Token);
if (args is not [var uri, var imageFile, var keyFile])
{
    await RemoveAsync();
    return 0;
}

try
{
    Step($"Adding the host {uri}");
    await site.Hosts.AddAsync(new HostDefinition { Name = HostName, Uri = uri }, stop.Token);

    Step("Publishing the image");
    var image = await site.Images.PublishAsync(new ImagePublication { Path = imageFile, Name = ImageName }, cancellationToken: stop.Token);

    Step("Creating three VMs");
    var plan = await site.Vms.PlanAsync(
        new VmSpecification
        {
            Image = image.Name,
            Names = VmNaming.Expand("quickstart", 3),
            HostNames = [HostName],
            Cpu = 1,
            Memory = ByteSize.FromMiB(192),
            SshKeys = [await File.ReadAllTextAsync(keyFile + ".pub", stop.Token)],
        },
        stop.Token);
    var created = new List<VmId>();
    await foreach (var outcome in site.Vms.CreateAsync(plan.Vms, cancellationToken: stop.Token))
        created.Add(Succeeded(outcome));

    Step("Waiting until ssh answers at their addresses");
    var vms = new List<VirtualMachine>();
    await foreach (var outcome in site.Vms.WaitAsync(created, VmCondition.Ssh, TimeSpan.FromMinutes(10), cancellationToken: stop.Token))
    {
        Succeeded(outcome);
        vms.Add(outcome.Vm!);
    }
    foreach (var vm in vms.OrderBy(vm => vm.Name, StringComparer.Ordinal))
        Console.WriteLine($"  {vm.Name,-16} {vm.Host,-8} {vm.State,-10} {vm.IPAddress}");

    Step("Running a command in each");
    var command = new GuestCommand { CommandLine = "hostname; uname -sr", KeyFile = keyFile };
    await foreach (var result in site.Guests.InvokeAsync(vms, command, stop.Token))
        Console.WriteLine($"  {result.Name,-16} {result.ExitCode} {(result.Failure?.Message ?? result.Output).Trim().ReplaceLineEndings("; ")}");
    return 0;
}
finally
{
    await RemoveAsync();
}

async Task RemoveAsync()
{
    Step("Removing what was made");
    var left = new List<VmId>();
    await foreach (var vm in site.Vms.ListAsync(new VmFilter { Names = ["quickstart-*"] }))
        if (vm.Host == HostName) left.Add(vm.Id);
    await foreach (var outcome in site.Vms.RemoveAsync(left, new DeleteOptions { Force = true }))
        Succeeded(outcome);
    // Only what this program made, whatever else the site knows.
    await foreach (var image in site.Images.ListAsync())
        if (image.Name == ImageName) await site.Images.RemoveAsync(image.Digest, fromHosts: true);
    await foreach (var host in site.Hosts.ListAsync())
        if (host.Name == HostName) await site.Hosts.RemoveAsync(host.Name);
}

void Step(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{clock.Elapsed.TotalSeconds,5:0.0} s] {text}"));

static VmId Succeeded(VmOutcome outcome) => outcome.Error is null ? outcome.Id!.Value : throw outcome.Error;
