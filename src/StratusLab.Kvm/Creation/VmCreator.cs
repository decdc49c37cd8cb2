using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Creates VMs: an overlay, a seed and a console log, then the domain. Several at a time, so that volumes of the next are made while one starts.</summary>
internal sealed class VmCreator(HostConnection host, AcceleratorDecision accelerator)
{
    private const int Parallelism = 8;

    // As many guests are held back at a time: enough to gain by it, and the first of a large batch need not wait for the last.
    private const int Window = 32;

    public async IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (batch.Count == 0) yield break;
        var context = await host.CallAsync(
            _ => CreationContext.ReadAsync(host, accelerator.GetAsync(cancellationToken), batch, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var window in batch.Chunk(Window))
        {
            var gate = new StartGate(host);
            await using var lease = gate.ConfigureAwait(false);
            List<VmOutcome> held = [];
            await foreach (var outcome in Batch.RunAsync(window, Parallelism, (request, ct) => SettleAsync(context, request, gate, ct), cancellationToken).ConfigureAwait(false))
            {
                if (gate.Holds(outcome)) held.Add(outcome);
                else yield return outcome;
            }

            await foreach (var outcome in gate.OpenAsync(held, cancellationToken).ConfigureAwait(false)) yield return outcome;
        }
    }

    private async Task<VmOutcome> SettleAsync(CreationContext context, VmRequest request, StartGate gate, CancellationToken cancellationToken)
    {
        var names = VmNames.Of(request.RequestId);
        var outcome = new VmOutcome { Id = new VmId(host.Definition.Name, names.Key), RequestId = request.RequestId };
        try
        {
            var vm = await host.CallAsync(connection => CreateOneAsync(connection, context, request, names, gate, cancellationToken), cancellationToken).ConfigureAwait(false);
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
        if (context.Existing(names) is { } existing) return await VmStart.EnsureOnceAsync(host, connection, existing, cancellationToken).ConfigureAwait(false);
        context.Check(request);
        var spec = Specify(context, request, names);
        var seed = SeedImage.Write(request, names, spec.Nics);
        var capacity = spec.Metadata.Disk.Bytes;
        var undo = new Undo(connection, context.Pool, names);
        try
        {
            await MakeVolumesAsync(connection, context.Pool, names, spec, seed, capacity, undo, cancellationToken).ConfigureAwait(false);
            var domain = await connection.Domains.DefineAsync(DomainXmlWriter.Write(spec), cancellationToken: cancellationToken).ConfigureAwait(false);
            undo.Defined(domain);
            await gate.StartAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e)
        {
            // The host said no, so that the state is known. After a broken connection it is not: then RecoverAsync settles it.
            await undo.RunAsync().ConfigureAwait(false);
            throw await ExplainAsync(connection, context, request, e, cancellationToken).ConfigureAwait(false);
        }

        return VmView.Of(host.Definition.Name, Viewed(spec), VmState.Running, []);
    }

    private static async Task MakeVolumesAsync(
        LibvirtConnection connection, VolumePool pool, VmNames names, DomainSpec spec, byte[] seed, long capacity, Undo undo, CancellationToken cancellationToken)
    {
        var overlay = undo.MakeAsync(names.Disk, VolumeXml.Overlay(names.Disk, capacity, (spec.BasePath, spec.BaseFormat == DiskFormat.Qcow2 ? "qcow2" : "raw")), cancellationToken);
        var log = undo.MakeAsync(names.ConsoleLog, VolumeXml.Raw(names.ConsoleLog, 0, VolumeRemoval.ConsoleLogMode), cancellationToken);
        var filled = FillSeedAsync();
        await Task.WhenAll(overlay, log, filled).ConfigureAwait(false);

        async Task FillSeedAsync()
        {
            await undo.MakeAsync(names.Seed, VolumeXml.Raw(names.Seed, seed.Length, "0600"), cancellationToken).ConfigureAwait(false);
            using var content = new MemoryStream(seed, writable: false);
            await connection.Volumes.UploadAsync(pool.VolumeOf(names.Seed), content, new VolumeTransferOptions { Sparse = true }, cancellationToken).ConfigureAwait(false);
        }
    }

    private DomainSpec Specify(CreationContext context, VmRequest request, VmNames names)
    {
        var image = ImageNames.Of(request.Image.DiskDigest);
        var disk = request.Disk.Bytes == 0 ? request.Image.VirtualSize : request.Disk;
        return new DomainSpec
        {
            Uuid = names.Uuid,
            Name = request.Name,
            Architecture = request.Image.Architecture,
            Firmware = request.Image.Firmware,
            Accelerator = request.Image.Architecture == context.Architecture ? context.Accelerator : Accelerator.Tcg,
            Cpu = request.Cpu,
            Memory = request.Memory,
            DiskPath = context.Pool.PathOf(names.Disk),
            BasePath = context.Pool.PathOf(image.Base(request.Image.Format)),
            BaseFormat = request.Image.Format,
            SeedPath = context.Pool.PathOf(names.Seed),
            ConsoleLogPath = context.Pool.PathOf(names.ConsoleLog),
            Nics = [.. CreationContext.NetworksOf(request, host.Definition).Select((network, i) => new DomainNic(network, names.HardwareAddress(i)))],
            Metadata = VmMetadata.Of(request, context.Pool.Ref.Name, disk),
        };
    }

    private static DomainView Viewed(DomainSpec spec) =>
        new() { Uuid = spec.Uuid, Name = spec.Name, Cpu = spec.Cpu, Memory = spec.Memory, Nics = spec.Nics, Metadata = spec.Metadata };

    private async Task<StratusException> ExplainAsync(LibvirtConnection connection, CreationContext context, VmRequest request, LibvirtServerException error, CancellationToken cancellationToken)
    {
        if (error.Message.Contains("already exists with uuid", StringComparison.Ordinal)) return HostErrors.VmNameTaken(host.Definition, request.Name, error);
        if (!error.IsOutOfSpace()) return HostErrors.Translate(error, host.Definition);
        var info = await connection.Pools.GetInfoAsync(context.Pool.Ref, cancellationToken).ConfigureAwait(false);
        return HostErrors.PoolFull(host.Definition, $"the disks of VM '{request.Name}'", new ByteSize((long)info.Available), error);
    }
}
