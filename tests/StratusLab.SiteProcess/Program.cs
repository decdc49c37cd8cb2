using System.Globalization;
using StratusLab.Core;
using StratusLab.Ec2;
using StratusLab.Kvm;
using StratusLab.Rig;
using StratusLab.Sdk;
using StratusLab.SiteProcess;

// A process of its own that works on a site, so that tests can kill it.
// create FOLDER IMAGE NAME... | remove FOLDER NAME... | save FOLDER NAME IMAGE | repair FOLDER
// register FOLDER HOST URI MAX-HOURLY-COST | hire FOLDER HOST IMAGE PREFIX ROUNDS | launch FOLDER HOST IMAGE PREFIX COUNT
// burst FOLDER NAME HOST IMAGE SLURM.CONF SPOOL USER-DATA-FILE POLICY-FILE
// grid-burst FOLDER NAME HOST IMAGE PROGRAM-FOLDER HOSTS-FILE USER-DATA-FILE POLICY-FILE
// SITE_CLOCK=SPEED@TICKS: its clock runs faster, and told the true time at that moment (UTC).
var (verb, folder, rest) = (args[0], args[1], args[2..]);
var clock = Environment.GetEnvironmentVariable("SITE_CLOCK")?.Split('@') is [var speed, var ticks]
    ? new FastClock(double.Parse(speed, CultureInfo.InvariantCulture), new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero))
    : TimeProvider.System;
await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = folder, Providers = [new KvmProviderFactory(), new Ec2ProviderFactory(clock)], Clock = clock });
switch (verb)
{
    case "create":
        var plan = await site.Vms.PlanAsync(new VmSpecification { Image = rest[0], Names = rest[1..], Cpu = 1, Memory = ByteSize.FromMiB(128) });
        foreach (var refused in plan.Refused) Console.WriteLine($"{refused.Name} {refused.Error.ErrorId}");
        await foreach (var outcome in site.Vms.CreateAsync(plan.Vms)) Console.WriteLine($"{outcome.Id} {outcome.Error?.Message ?? "created"}");
        return 0;
    case "remove":
        var ids = new List<VmId>();
        await foreach (var vm in site.Vms.ListAsync(new VmFilter { Names = rest })) ids.Add(vm.Id);
        var options = new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero };
        await foreach (var outcome in site.Vms.RemoveAsync(ids, options)) Console.WriteLine($"{outcome.Id} {outcome.Error?.Message ?? "removed"}");
        return 0;
    case "save":
        await foreach (var vm in site.Vms.ListAsync(new VmFilter { Names = [rest[0]] }))
            Console.WriteLine($"{await site.ImageMaker.SaveAsync(new ImageSaving { VM = vm.Id, Name = rest[1] })} saved");
        return 0;
    case "register":
        await site.Hosts.AddAsync(new HostDefinition { Name = rest[0], Uri = rest[1], MaxHourlyCost = decimal.Parse(rest[2], CultureInfo.InvariantCulture) });
        return 0;
    case "hire":
        return await Hiring.RunAsync(site, rest[0], rest[1], rest[2], int.Parse(rest[3], CultureInfo.InvariantCulture));
    case "launch":
        return await Launching.RunAsync(site, rest[0], rest[1], rest[2], int.Parse(rest[3], CultureInfo.InvariantCulture));
    case "burst":
        return await Bursting.WithSlurmAsync(site, rest);
    case "grid-burst":
        return await Bursting.WithGridEngineAsync(site, rest);
    case "repair":
        await foreach (var repaired in site.RepairAsync()) Console.WriteLine($"{repaired.Entry.Target} {repaired.Result} {repaired.Error?.Message}");
        return 0;
    default:
        Console.Error.WriteLine($"'{verb}' is not create, remove, save, repair, register, hire, launch, burst or grid-burst.");
        return 2;
}
