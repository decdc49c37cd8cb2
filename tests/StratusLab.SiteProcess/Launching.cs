using System.Globalization;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.SiteProcess;

/// <summary>Makes those of some VMs that are not there, and tells which are there then.</summary>
internal static class Launching
{
    // They leave room for few names in the tags of an instance: more and smaller launches.
    private const int Labels = 28;

    public static async Task<int> RunAsync(StratusSite site, string host, string image, string prefix, int count)
    {
        var names = VmNaming.Expand(prefix, count);
        var plan = await site.Vms.PlanAsync(new VmSpecification
        {
            Image = image,
            Names = names,
            Cpu = 1,
            Memory = ByteSize.FromMiB(512),
            HostNames = [host],
            Labels = Enumerable.Range(0, Labels).ToDictionary(number => string.Create(CultureInfo.InvariantCulture, $"l{number}"), _ => "x"),
        });
        foreach (var refused in plan.Refused.Where(r => r.Error.ErrorId != "VmNameTaken")) Console.WriteLine($"refused {refused.Name} {refused.Error.Message}");
        await foreach (var outcome in site.Vms.CreateAsync(plan.Vms))
            if (outcome.Error is { } error) Console.WriteLine($"failed {error.ErrorId} {error.Message}");
        await foreach (var vm in site.Vms.ListAsync(new VmFilter { Names = names })) Console.WriteLine($"there {vm.Name}");
        return 0;
    }
}
