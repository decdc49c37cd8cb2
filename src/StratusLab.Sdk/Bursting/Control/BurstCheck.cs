using System.Globalization;
using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Checks what a burst needs. Changes nothing, but for a canary that it removes again.</summary>
internal sealed class BurstCheck(HostRegistry hosts, ImageLibrary images, ImageTrust trust, VmService vms, SiteCatalogue catalogue, TimeProvider clock)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<HostCheck> RunAsync(BurstOptions options, bool canary, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var burst = options.Definition;
        yield return await CheckAsync(burst, "Definition", "Say what the message asks for.", () =>
        {
            BurstDefinitionValidation.Check(burst);
            return Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"{burst.Policy.DailyBudget:0.00} USD a day, up to {burst.Policy.MaxNodes} nodes, policy {burst.Policy.Name}."));
        }).ConfigureAwait(false);
        yield return await CheckAsync(burst, "Ledger", "Make room on its disk, or take the rights of whoever owns the site's folder.", async () =>
        {
            await catalogue.WriteAsync(c => c.Execute("UPDATE burst SET ticked_at = ticked_at WHERE name = @name", ("@name", burst.Name)), cancellationToken: cancellationToken).ConfigureAwait(false);
            return $"{catalogue.Location} can be written.";
        }).ConfigureAwait(false);
        await foreach (var check in hosts.TestAsync(burst.HostName, cancellationToken).ConfigureAwait(false)) yield return check;
        yield return await CheckAsync(burst, "Image", "Publish or receive the image, or have it endorsed.", async () =>
        {
            var image = await images.GetAsync(burst.Image, cancellationToken).ConfigureAwait(false);
            await trust.RequireAsync(image.ToDescriptor(), cancellationToken).ConfigureAwait(false);
            return $"{image.Reference} may be launched.";
        }).ConfigureAwait(false);

        BatchSnapshot? snapshot = null;
        yield return await CheckAsync(burst, "Batch system", "Start it, or take the rights of one of its operators.", async () =>
        {
            var name = await options.BatchSystem.DescribeAsync(cancellationToken).ConfigureAwait(false);
            snapshot = await options.BatchSystem.ReadAsync(cancellationToken).ConfigureAwait(false);
            return $"{name}: {snapshot.Jobs.Count} jobs, {snapshot.Nodes.Count} nodes.";
        }).ConfigureAwait(false);
        if (snapshot is null) yield break;

        yield return Clock(burst, snapshot);
        var classes = BurstClasses.Of(burst, snapshot);
        var names = classes.Sum(c => c.Nodes.Count);
        yield return names > 0
            ? new HostCheck(burst.HostName, "Node classes", CheckResult.Passed, $"{classes.Count} {(classes.Count == 1 ? "class" : "classes")} with {names} nodes: {string.Join(", ", classes.Take(5).Select(c => c.Name))}.")
            : new HostCheck(
                burst.HostName, "Node classes", CheckResult.Failed, $"The batch system has no cloud nodes in the partition '{burst.Policy.BurstPartition}'.", "Add them to its configuration (New-StratusSlurmConfig, New-StratusGridEngineConfig), or name classes.");
        if (canary && classes.Count > 0)
        {
            yield return await CheckAsync(burst, "Canary", "See what the host or its image lacks.", () => FlyAsync(burst, classes[0], cancellationToken)).ConfigureAwait(false);
        }
    }

    // Time limits, leases and reservations are compared across machines.
    private HostCheck Clock(BurstDefinition burst, BatchSnapshot snapshot)
    {
        var latest = snapshot.Jobs.Select(j => j.SubmittedAt).Append(DateTimeOffset.MinValue).Max();
        var ahead = latest - clock.GetUtcNow();
        return ahead <= ClockTolerance
            ? new HostCheck(burst.HostName, "Clock", CheckResult.Passed, "No job was submitted later than now.")
            : new HostCheck(burst.HostName, "Clock", CheckResult.Failed, $"The batch system's clock is {ahead.TotalSeconds:0} s ahead of this machine's.", "Let both take their time from the same source (chrony, NTP).");
    }

    private async Task<string> FlyAsync(BurstDefinition burst, BurstNodeClass shape, CancellationToken cancellationToken)
    {
        var capabilities = (await hosts.ConnectAsync(burst.HostName, cancellationToken).ConfigureAwait(false)).Capabilities;
        var specification = new VmSpecification
        {
            Image = burst.Image,
            Names = [$"{burst.Name}-canary"],
            Cpu = shape.Cpu,
            Memory = BurstMachines.MemoryOf(shape, capabilities),
            Disk = shape.Disk,
            MachineType = shape.MachineType,
            HostNames = [burst.HostName],
            Networks = burst.Networks,
            ExpiresAfter = TimeSpan.FromHours(1),
        };
        var plan = await vms.PlanAsync(specification, cancellationToken).ConfigureAwait(false);
        if (plan.Refused.Count > 0) throw plan.Refused[0].Error;
        VmOutcome? made = null;
        await foreach (var outcome in vms.CreateAsync(plan.Vms, cancellationToken: cancellationToken).ConfigureAwait(false)) made = outcome;
        if (made?.Vm is not { } vm) throw made?.Error ?? HostErrors.NoOutcome(burst.HostName);
        StratusException? failure = null;
        await foreach (var outcome in vms.WaitAsync([vm.Id], VmCondition.Running, burst.Policy.LaunchTimeout, cancellationToken: cancellationToken).ConfigureAwait(false)) failure = outcome.Error;
        await foreach (var outcome in vms.RemoveAsync([vm.Id], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }, cancellationToken: cancellationToken).ConfigureAwait(false))
            failure ??= outcome.Error;
        return failure is null ? $"VM '{vm.Name}' ran on '{vm.Host}' and is removed." : throw failure;
    }

    private static async Task<HostCheck> CheckAsync(BurstDefinition burst, string name, string remedy, Func<Task<string>> check)
    {
        try
        {
            return new HostCheck(burst.HostName, name, CheckResult.Passed, await check().ConfigureAwait(false));
        }
        catch (StratusException e)
        {
            return new HostCheck(burst.HostName, name, CheckResult.Failed, e.Message, remedy);
        }
    }
}
