using System.Collections;
using System.Globalization;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Creates VMs from an image, and waits for them if asked.</summary>
[Cmdlet(VerbsCommon.New, "StratusVM", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class NewStratusVMCommand : JobCmdlet
{
    private static readonly string[] UserDataBeginnings = ["#", "Content-Type:", "MIME-Version:"];

    private NewVmWork? _work;

    /// <summary>The image: <c>name</c>, <c>name:version</c>, its digest, or <c>marketplace/name:version</c>, which is received first where the store lacks it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AnyImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = string.Empty;

    /// <summary>The name of the VM; with <c>-Count</c> the part before the number.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>How many VMs; they are numbered from 1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, VmNaming.MaxCount)]
    public int? Count { get; set; }

    /// <summary>The size.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SizeNameCompleter))]
    public string? Size { get; set; }

    /// <summary>Virtual CPUs, instead of those of the size.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int? Cpu { get; set; }

    /// <summary>Memory, instead of that of the size.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public ByteSize? Memory { get; set; }

    /// <summary>Size of the system disk, instead of that of the size.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public ByteSize? Disk { get; set; }

    /// <summary>Hosts that may be taken, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    public string[] HostName { get; set; } = [];

    /// <summary>Labels that the host must have.</summary>
    [Parameter]
    public Hashtable? HostLabel { get; set; }

    /// <summary>Which of the hosts that have room is taken.</summary>
    [Parameter]
    [ValidateSet(nameof(PlacementPolicy.OnPremiseFirst), nameof(PlacementPolicy.Cheapest), nameof(PlacementPolicy.Spread), nameof(PlacementPolicy.Pack), nameof(PlacementPolicy.HostOnly))]
    public string Placement { get; set; } = nameof(PlacementPolicy.OnPremiseFirst);

    /// <summary>Hosts that cost money may be taken; one that <c>-HostName</c> names exactly may be taken anyway.</summary>
    [Parameter]
    public SwitchParameter AllowCloud { get; set; }

    /// <summary>How machines are paid for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public VmMarket Market { get; set; }

    /// <summary>With <c>-Market Spot</c>: where the spot market has no machine, buy one on demand.</summary>
    [Parameter]
    public SwitchParameter FallBackToOnDemand { get; set; }

    /// <summary>The only machine type that will do, such as <c>m7i.large</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? MachineType { get; set; }

    /// <summary>GPUs, 0 to 64.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public int Gpu { get; set; }

    /// <summary>What each VM may cost an hour, in US dollars.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public decimal? MaxHourlyPrice { get; set; }

    /// <summary>TCP ports that can be reached from outside, 1 to 65535; an empty array for none.</summary>
    [Parameter]
    public int[]? OpenPort { get; set; }

    /// <summary>Remove each VM when its guest shuts down.</summary>
    [Parameter]
    public SwitchParameter RemoveOnShutdown { get; set; }

    /// <summary>Keeps VMs on different hosts: a group's name, or a label as <c>key=value</c>.</summary>
    [Parameter]
    public string? AntiAffinity { get; set; }

    /// <summary>Networks of the host to join, in order.</summary>
    [Parameter]
    public string[] Network { get; set; } = [];

    /// <summary>ssh public keys: the key, or the path of a <c>.pub</c> file. By default the user's own.</summary>
    [Parameter]
    public string[]? SshKey { get; set; }

    /// <summary>What cloud-init is to do: cloud-config, a script, or the path of a file that holds it.</summary>
    [Parameter]
    public string? UserData { get; set; }

    /// <summary>Labels of the VMs.</summary>
    [Parameter]
    public Hashtable? Label { get; set; }

    /// <summary>After what time the VMs may be removed, such as <c>8h</c>.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ExpiresAfter { get; set; }

    /// <summary>Write each VM only when it is as far as <c>-For</c> says.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>What to wait for with <c>-Wait</c>.</summary>
    [Parameter]
    [ValidateSet(nameof(VmCondition.Running), nameof(VmCondition.Address), nameof(VmCondition.Ssh), nameof(VmCondition.CloudInit))]
    public string For { get; set; } = nameof(VmCondition.Address);

    /// <summary>Seconds to wait with <c>-Wait</c>, for all VMs together, 1 to 86400.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>With <c>-For CloudInit</c> and no guest agent: the user over ssh; by default the image's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>With <c>-For CloudInit</c> and no guest agent: file of the private key; by default what ssh is configured for.</summary>
    [Parameter]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>With <c>-Wait</c>: also write the VMs that did not get there in time.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        NewVmWork? work = null;
        Run(async (pipeline, site, cancel) =>
        {
            var specification = await SpecifyAsync(cancel).ConfigureAwait(false);
            if (Image.Contains('/', StringComparison.Ordinal))
            {
                if (await EnsureImageAsync(pipeline, site, cancel).ConfigureAwait(false) is not { } digest) return;
                specification = specification with { Image = digest };
            }

            var plan = await site.Vms.PlanAsync(specification, cancel).ConfigureAwait(false);
            foreach (var group in plan.Refused.GroupBy(refused => refused.Error))
            {
                // VMs that are refused for one reason are one error, not thousands.
                var names = group.Select(refused => refused.Name).ToArray();
                await pipeline.WriteErrorAsync(group.Key.ToErrorRecord(names.Length == 1 ? names[0] : names)).ConfigureAwait(false);
            }

            await pipeline.WriteVerboseAsync(plan.Summary).ConfigureAwait(false);
            await pipeline.WriteWhatIfAsync(plan.Summary).ConfigureAwait(false);
            var agreed = new List<PlannedVm>();
            foreach (var vm in plan.Vms)
            {
                await pipeline.WriteVerboseAsync($"{vm.Request.Name}: {vm.Reason}").ConfigureAwait(false);
                if (await pipeline.ShouldProcessAsync(Describe(vm), "Create").ConfigureAwait(false)) agreed.Add(vm);
            }

            if (agreed.Count == 0) return;
            var access = new GuestAccess { User = UserName, KeyFile = FullPathOf(KeyFilePath) };
            work = new NewVmWork(agreed, Wait ? Enum.Parse<VmCondition>(For, ignoreCase: true) : null, TimeSpan.FromSeconds(TimeoutSec), access, PassThru);
        });

        if (work is null) return;
        _work = work;
        RunOrStart(work.RunAsync);
    }

    private protected override string? RestUnknown =>
        _work is null ? null : "New-StratusVM was stopped. Get-StratusVM shows what it made; what is unfinished the next start or Repair-StratusSite completes or removes.";

    private protected override async Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        _work is null ? null : await _work.DescribeRestAsync(cancellationToken).ConfigureAwait(false);

    // The digest by which the store has the image of a marketplace; null where it does not and nobody wants it.
    private async Task<string?> EnsureImageAsync(IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        var digest = await site.Marketplaces.ResolveAsync(Image, cancellationToken).ConfigureAwait(false);
        await foreach (var image in site.Images.ListAsync(_ => { }, cancellationToken).ConfigureAwait(false))
            if (image.Digest == digest) return digest;
        if (!await pipeline.ShouldProcessAsync($"image '{Image}'", "Receive").ConfigureAwait(false)) return null;
        using var progress = new ProgressSink(pipeline);
        return (await site.Marketplaces.ReceiveAsync(Image, progress, cancellationToken).ConfigureAwait(false)).Digest;
    }

    private static string Describe(PlannedVm vm) =>
        $"VM '{vm.Request.Name}' on host '{vm.Host}'{Price(vm)} ({vm.Request.Cpu} CPU, {vm.Request.Memory}, {vm.Request.Image}; {vm.Reason})";

    private static string Price(PlannedVm vm) => vm switch
    {
        { HourlyPrice: { } price } => string.Create(CultureInfo.InvariantCulture, $" as {vm.MachineType} at ${price:0.00####} an hour"),
        { Market: not null } => " at a price that is not known",
        _ => string.Empty,
    };

    private async Task<VmSpecification> SpecifyAsync(CancellationToken cancellationToken) => new()
    {
        Image = Image,
        Names = VmNaming.Expand(Name, Count),
        Size = Size,
        Cpu = Cpu,
        Memory = Memory,
        Disk = Disk,
        HostNames = HostName,
        HostLabels = Labels.From(HostLabel),
        Placement = Enum.Parse<PlacementPolicy>(Placement, ignoreCase: true),
        AllowCloud = AllowCloud,
        Market = Market,
        FallBackToOnDemand = FallBackToOnDemand,
        MachineType = MachineType,
        Gpu = Gpu,
        MaxHourlyPrice = MaxHourlyPrice,
        OpenPorts = OpenPort,
        RemoveOnShutdown = RemoveOnShutdown,
        AntiAffinity = AntiAffinity,
        Networks = Network,
        SshKeys = await PublicKeys.ReadAsync(SshKey, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), GetUnresolvedProviderPathFromPSPath, cancellationToken).ConfigureAwait(false),
        UserData = UserData is null ? null : await TextSource.ReadAsync(UserData, "UserData", GetUnresolvedProviderPathFromPSPath, UserDataBeginnings, cancellationToken).ConfigureAwait(false),
        Labels = Labels.From(Label),
        ExpiresAfter = ExpiresAfter,
    };
}
