using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Creates VMs: an overlay, a seed and a console log, then the domain. Several at a time, so that volumes of the next are made while one starts.</summary>
/// <remarks>
/// The same request may be under way twice. Each attempt has volumes of its own, and the start of a transient domain, of which a host takes
/// one per UUID, decides between them: who is refused removes its own volumes and answers with the other's VM.
/// </remarks>
internal sealed class VmCreator(HostConnection host, AcceleratorDecision accelerator, ImageVerification verification, DiskCopier copier)
{
    private const int Parallelism = 8;

    // As many guests are held back at a time: enough to gain by it, and the first of a large batch need not wait for the last.
    private const int Window = 32;

    // The copy itself sees to it that it makes headway.
    private static readonly TimeSpan CopyPatience = TimeSpan.FromDays(1);

    public async IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (batch.Count == 0) yield break;
        var context = await host.CallAsync(
            _ => CreationContext.ReadAsync(host, verification, accelerator.GetAsync(cancellationToken), batch, cancellationToken), cancellationToken).ConfigureAwait(false);
        var times = batch.CountBy(request => request.RequestId).ToDictionary();
        foreach (var window in batch.DistinctBy(request => request.RequestId).Chunk(Window))
        {
            var gate = new StartGate(host);
            await using var lease = gate.ConfigureAwait(false);
            List<VmOutcome> held = [];
            await foreach (var outcome in Batch.RunAsync(window, Parallelism, (request, ct) => SettleAsync(context, request, gate, ct), cancellationToken).ConfigureAwait(false))
            {
                if (gate.Holds(outcome)) held.Add(outcome);
                else foreach (var each in Enumerable.Repeat(outcome, times[outcome.RequestId!.Value])) yield return each;
            }

            await foreach (var outcome in gate.OpenAsync(held, cancellationToken).ConfigureAwait(false))
                foreach (var each in Enumerable.Repeat(outcome, times[outcome.RequestId!.Value])) yield return each;
        }
    }

    private async Task<VmOutcome> SettleAsync(CreationContext context, VmRequest request, StartGate gate, CancellationToken cancellationToken)
    {
        var names = VmNames.Of(request.RequestId);
        var outcome = new VmOutcome { Id = new VmId(host.Definition.Name, names.Key), RequestId = request.RequestId };
        try
        {
            var extra = request.CopyDiskOf is null ? TimeSpan.Zero : CopyPatience;
            var vm = await host.WithinPatienceAsync((connection, ct) => CreateOneAsync(connection, context, request, names, gate, ct), extra, cancellationToken).ConfigureAwait(false);
            return outcome with { Vm = vm };
        }
        catch (StratusException e)
        {
            return outcome with { Error = e };
        }
    }

    private async Task<VirtualMachine> CreateOneAsync(
        LibvirtConnection connection, CreationContext context, VmRequest request, VmNames names, StartGate gate, CancellationToken cancellationToken)
    {
        RequestRules.Check(request);
        if (context.Existing(names) is { } existing && await AnswerAsync(connection, existing, cancellationToken).ConfigureAwait(false) is { } present) return present;
        context.Check(request);
        var volumes = VolumeNames.New(names.Uuid);
        var source = request.CopyDiskOf is { } original ? await DiskSource.FindAsync(host.Definition, connection, original.Key, cancellationToken).ConfigureAwait(false) : null;
        var spec = Specify(context, request, names, volumes, source);
        var seed = SeedImage.Write(request, names, spec.Nics);
        var domain = new DomainRef(request.Name, names.Uuid);
        var undo = new Undo(connection, context.Pool);
        try
        {
            await MakeVolumesAsync(connection, context, request, volumes, spec, source, seed, undo, cancellationToken).ConfigureAwait(false);
            await gate.StartAsync(connection, domain, DomainXmlWriter.Write(spec), cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e)
        {
            // The host said no, so that the state is known. After a broken connection it is not: then RecoverAsync settles it.
            await undo.RunAsync().ConfigureAwait(false);
            return await AnswerAsync(connection, domain, cancellationToken).ConfigureAwait(false)
                ?? throw await ExplainAsync(connection, context, request, e, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException)
        {
            await undo.RunAsync().ConfigureAwait(false);
            throw;
        }

        if (await IsOtherDefinedAsync(connection, domain, volumes, cancellationToken).ConfigureAwait(false))
        {
            gate.Forget(domain);
            await VmPower.CutAsync(connection, domain, cancellationToken).ConfigureAwait(false);
            await undo.RunAsync().ConfigureAwait(false);
            return await AnswerAsync(connection, domain, cancellationToken).ConfigureAwait(false) ?? throw HostErrors.VmBeingCreated(host.Definition, request.Name);
        }

        await ClearAsync(connection, context.Leftovers, volumes, cancellationToken).ConfigureAwait(false);
        return VmView.Of(host.Definition.Name, Viewed(spec), VmState.Running, []);
    }

    /// <summary>The VM that the request has made before, or that another caller is making of it; null if there is none, or no more.</summary>
    private async Task<VirtualMachine?> AnswerAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            return await VmStart.EnsureOnceAsync(host, connection, domain, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the domain had been made, and was off again, by the time that this attempt started it: a host starts a stopped domain from
    /// another definition than its own if it is given one.
    /// </summary>
    private static async Task<bool> IsOtherDefinedAsync(LibvirtConnection connection, DomainRef domain, VolumeNames volumes, CancellationToken cancellationToken)
    {
        if (!await connection.Domains.IsPersistentAsync(domain, cancellationToken).ConfigureAwait(false)) return false;
        var stored = await connection.Domains.GetXmlAsync(domain, DomainXmlFlags.Inactive, cancellationToken).ConfigureAwait(false);
        return DomainXmlReader.Read(stored).Volumes != volumes;
    }

    /// <summary>Removes what earlier attempts left, now that none of them can become the VM any more.</summary>
    private static async Task ClearAsync(LibvirtConnection connection, Leftovers leftovers, VolumeNames mine, CancellationToken cancellationToken)
    {
        try
        {
            await leftovers.RemoveAsync(connection, mine.Vm, except: mine.Attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException)
        {
            // The VM is there all the same; its removal tries again.
        }
    }

    private async Task MakeVolumesAsync(
        LibvirtConnection connection,
        CreationContext context,
        VmRequest request,
        VolumeNames names,
        DomainSpec spec,
        DiskSource? source,
        byte[] seed,
        Undo undo,
        CancellationToken cancellationToken)
    {
        var pool = context.Pool;
        var disk = source is null ? MakeOverlayAsync(spec.Base!.Value) : CopyDiskAsync(source);
        var log = undo.MakeAsync(names.ConsoleLog, VolumeXml.Raw(names.ConsoleLog, 0, VolumeRemoval.ConsoleLogMode), cancellationToken);
        var filled = FillSeedAsync();
        await Task.WhenAll(disk, log, filled).ConfigureAwait(false);

        async Task CopyDiskAsync(DiskSource original)
        {
            undo.Include(names.Disk);
            await copier.CopyAsync(original, pool, names.Disk, cancellationToken).ConfigureAwait(false);
        }

        async Task MakeOverlayAsync((string Path, string Format) backing)
        {
            await undo.MakeAsync(names.Disk, VolumeXml.Overlay(names.Disk, spec.Metadata.Disk.Bytes, backing), cancellationToken).ConfigureAwait(false);

            // Who evicts images looks for overlays when the image is out of use, and here it is the other way round: one of the two sees the other.
            if (!await ImageLease.HoldsAsync(connection, context.Pool, context.ImageOf(request), cancellationToken).ConfigureAwait(false))
                throw HostErrors.ImageNotOnHost(host.Definition, request.Image.ToString());
        }

        async Task FillSeedAsync()
        {
            await undo.MakeAsync(names.Seed, VolumeXml.Raw(names.Seed, seed.Length, "0600"), cancellationToken).ConfigureAwait(false);
            using var content = new MemoryStream(seed, writable: false);
            await connection.Volumes.UploadAsync(context.Pool.VolumeOf(names.Seed), content, new VolumeTransferOptions { Sparse = true }, cancellationToken).ConfigureAwait(false);
        }
    }

    private DomainSpec Specify(CreationContext context, VmRequest request, VmNames names, VolumeNames volumes, DiskSource? source)
    {
        var architecture = source?.View.Architecture ?? request.Image.Architecture;
        var disk = source is not null ? new ByteSize(source.Capacity) : request.Disk.Bytes == 0 ? request.Image.VirtualSize : request.Disk;
        return new DomainSpec
        {
            Uuid = names.Uuid,
            Name = request.Name,
            Architecture = architecture,
            Firmware = source?.View.Firmware ?? request.Image.Firmware,
            Accelerator = architecture == context.Architecture ? context.Accelerator : Accelerator.Tcg,
            Cpu = request.Cpu,
            Memory = request.Memory,
            DiskPath = context.Pool.PathOf(volumes.Disk),
            Base = source is null ? (context.Pool.PathOf(context.ImageOf(request).Volume), request.Image.Format == DiskFormat.Qcow2 ? "qcow2" : "raw") : null,
            SeedPath = context.Pool.PathOf(volumes.Seed),
            ConsoleLogPath = context.Pool.PathOf(volumes.ConsoleLog),
            Nics = [.. CreationContext.NetworksOf(request, host.Definition).Select((network, i) => new DomainNic(network, names.HardwareAddress(i)))],
            Metadata = VmMetadata.Of(request, volumes.Attempt, context.Pool.Ref.Name, disk),
        };
    }

    private static DomainView Viewed(DomainSpec spec) =>
        new()
        {
            Uuid = spec.Uuid,
            Name = spec.Name,
            Cpu = spec.Cpu,
            Memory = spec.Memory,
            Firmware = spec.Firmware,
            Architecture = spec.Architecture,
            Nics = spec.Nics,
            Metadata = spec.Metadata,
        };

    private async Task<StratusException> ExplainAsync(LibvirtConnection connection, CreationContext context, VmRequest request, LibvirtServerException error, CancellationToken cancellationToken)
    {
        if (error.Message.Contains("already exists with uuid", StringComparison.Ordinal)) return HostErrors.VmNameTaken(host.Definition, request.Name, error);
        if (error.Code == LibvirtErrorCode.OperationInvalid && error.Message.Contains("is already", StringComparison.Ordinal)) return HostErrors.VmBeingCreated(host.Definition, request.Name, error);
        if (request.CopyDiskOf is null && !await ImageLease.HoldsAsync(connection, context.Pool, context.ImageOf(request), cancellationToken).ConfigureAwait(false))
            return HostErrors.ImageNotOnHost(host.Definition, request.Image.ToString());
        if (!error.IsOutOfSpace()) return HostErrors.Translate(error, host.Definition);
        var info = await connection.Pools.GetInfoAsync(context.Pool.Ref, cancellationToken).ConfigureAwait(false);
        return HostErrors.PoolFull(host.Definition, $"the disks of VM '{request.Name}'", new ByteSize((long)info.Available), error);
    }
}
