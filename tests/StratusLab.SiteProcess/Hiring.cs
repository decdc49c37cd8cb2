using System.Globalization;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.SiteProcess;

/// <summary>Takes all the VMs that it can get, gives some back, and begins again.</summary>
internal static class Hiring
{
    private const int AtOnce = 12;

    public static async Task<int> RunAsync(StratusSite site, string host, string image, string prefix, int rounds)
    {
        var mine = new List<VmId>();
        for (var round = 1; round <= rounds; round++)
        {
            var plan = await site.Vms.PlanAsync(new VmSpecification
            {
                Image = image,
                Names = VmNaming.Expand(string.Create(CultureInfo.InvariantCulture, $"{prefix}{round}"), AtOnce),
                Cpu = 2,
                Memory = ByteSize.FromGiB(8),
                HostNames = [host],
            });
            var made = 0;
            foreach (var refused in plan.Refused.Select(r => r.Error).Distinct()) Console.WriteLine($"refused {refused.ErrorId} {refused.Message}");
            await foreach (var outcome in site.Vms.CreateAsync(plan.Vms))
            {
                if (outcome.Vm is { } vm) mine.Add(vm.Id);
                if (outcome.Succeeded) made++;
                else Console.WriteLine($"failed {outcome.Error!.ErrorId} {outcome.Error.Message}");
            }

            Console.WriteLine(FormattableString.Invariant($"made {made} of {AtOnce}"));

            // Half of them at once, whether the region lists them yet or not.
            var going = mine.Where((_, place) => place % 2 == 0).ToList();
            await foreach (var outcome in site.Vms.RemoveAsync(going, new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }))
                if (outcome is { Succeeded: true, Id: { } id }) mine.Remove(id);
        }

        return 0;
    }
}
