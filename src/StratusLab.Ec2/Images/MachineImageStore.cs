using System.Collections.Concurrent;
using StratusLab.Core;
using StratusLab.Ec2.Aws;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Client.Operations.Tags;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Storage;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Images;

/// <summary>
/// Makes machine images of images: disk to S3, to a snapshot, to an AMI. Each step looks first for what an earlier process left, by names and tags
/// that follow from the digests, so that it may be killed anywhere.
/// </summary>
internal sealed class MachineImageStore : IDisposable
{
    private const int Attempts = 5;
    private const string RootDevice = "/dev/xvda";

    private readonly HostDefinition _host;
    private readonly IEc2Client _ec2;
    private readonly TimeProvider _clock;
    private readonly ServiceClients _services;
    private readonly JournalledCalls _calls;
    private readonly ImageBucket _bucket;
    private readonly DiskUpload _upload;
    private readonly MachineImages _images;
    private readonly SnapshotImport _import;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    private MachineImageStore(HostDefinition host, Ec2Uri uri, IEc2Client ec2, JournalledCalls calls, TimeProvider clock)
    {
        (_host, _ec2, _clock, _calls) = (host, ec2, clock, calls);
        _services = new ServiceClients(uri.Client);
        _bucket = new ImageBucket(uri, _services, calls);
        _upload = new DiskUpload(host, _bucket, clock);
        _images = new MachineImages(ec2);
        _import = new SnapshotImport(host, ec2, _images, calls, clock);
        Catalogue = new ImageCatalogue(host, ec2, _images);
        Native = new NativeImages(host, uri, ec2);
    }

    /// <summary>What is there.</summary>
    public ImageCatalogue Catalogue { get; }

    /// <summary>What is there and was not made here.</summary>
    public NativeImages Native { get; }

    public static MachineImageStore Create(HostDefinition host, Ec2Uri uri, IEc2Client ec2, ICallJournal calls, TimeProvider clock) => new(host, uri, ec2, new JournalledCalls(calls), clock);

    /// <summary>Sees to it that there is a machine image of the image; of a reference, that what it refers to is there.</summary>
    /// <exception cref="StratusException">There is none and none could be made.</exception>
    public async Task<HostImage> EnsureAsync(ImageContent content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var image = content.Descriptor;
        if (image.HostImages is not null)
        {
            await Native.GetAsync(image, cancellationToken).ConfigureAwait(false);
            return new HostImage(_host.Name, image.DiskDigest, ByteSize.Zero, WasSent: false);
        }

        if (image.Architecture is not ("x86_64" or "aarch64")) throw ImageErrors.Architecture(_host, image);
        var turn = _turns.GetOrAdd(image.DiskDigest, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await EnsureOneAsync(content, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.Dispose();
        foreach (var turn in _turns.Values) turn.Dispose();
    }

    private async Task<HostImage> EnsureOneAsync(ImageContent content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var image = content.Descriptor;
        var length = new ByteSize(image.DiskLength);
        var wasSent = false;
        for (var attempt = 1; ; attempt++)
        {
            if (await _images.FindAsync(image, cancellationToken).ConfigureAwait(false) is { } there)
            {
                await SettleAsync(image, there, mayHaveSent: attempt > 1, cancellationToken).ConfigureAwait(false);
                if (wasSent) progress?.Report(new TransferProgress(_host.Name, image.ToString(), length, length));
                return new HostImage(_host.Name, image.DiskDigest, length, wasSent);
            }

            string? made = null;
            try
            {
                (made, wasSent) = await SnapshotAsync(content, progress, cancellationToken).ConfigureAwait(false);
                if (made is not null) await RegisterAsync(image, made, cancellationToken).ConfigureAwait(false);
                else if (attempt == Attempts) throw ImageErrors.Unsettled(_host, image);
            }
            catch (HostRefusedException e) when (Ec2ErrorCode.IsDuplicate(e.Code))
            {
                // Another process was faster. If it imported another snapshot, ours is of no use.
                if (made is not null) await _images.DeleteSnapshotAsync(made, cancellationToken).ConfigureAwait(false);
                if (attempt == Attempts) throw;
            }
            catch (HostRefusedException e) when (e.Code.StartsWith("InvalidSnapshot", StringComparison.Ordinal) && attempt < Attempts)
            {
                // Another process removed the image meanwhile.
            }
        }
    }

    // No snapshot where another process was at it and has come further: then there is an image, or its attempt has failed.
    private async Task<(string? Snapshot, bool WasSent)> SnapshotAsync(ImageContent content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var image = content.Descriptor;
        if (await _images.SnapshotsAsync(image.DiskDigest, cancellationToken).ConfigureAwait(false) is [var snapshot, ..]) return (snapshot.SnapshotId, false);
        if (await ImportAsync(() => _import.ContinueAsync(image, progress, cancellationToken)).ConfigureAwait(false) is { } continued) return (continued, true);
        await Catalogue.MakeRoomAsync(image, cancellationToken).ConfigureAwait(false);
        var disk = await _upload.FindAsync(image, cancellationToken).ConfigureAwait(false) ?? await SendAsync(content, progress, cancellationToken).ConfigureAwait(false);
        if (disk is null) return (null, false);
        return (await ImportAsync(async () => await _import.RunAsync(image, disk, progress, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false), true);

        async Task<string?> ImportAsync(Func<Task<string?>> import)
        {
            try
            {
                return await import().ConfigureAwait(false);
            }
            catch (StratusException e) when (!e.IsTransient && e.ErrorId != ImageErrors.ImportRoleId)
            {
                // What was refused will be refused again; the upload is kept only where the account lacks what can be given to it.
                await _bucket.ClearAsync(UploadNames.Prefix(image), CancellationToken.None).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task<UploadedDisk?> SendAsync(ImageContent content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var converted = await content.OpenVmdkAsync(cancellationToken).ConfigureAwait(false);
        if (converted is null && content.Descriptor.Format != DiskFormat.Raw) throw ImageErrors.FormatNotTaken(_host, content.Descriptor);
        var source = converted is null ? new DiskSource(content) : new DiskSource(content.Descriptor, converted);
        await using (source.ConfigureAwait(false))
        {
            return await _upload.SendAsync(content.Descriptor, source, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RegisterAsync(ImageDescriptor image, string snapshot, CancellationToken cancellationToken)
    {
        var name = MachineImages.Name(image);
        var register = new RegisterImage
        {
            Name = name,
            Description = image.ToString(),
            Architecture = NativeImages.CpuOf(image.Architecture),
            // Machines of the arm64 architecture have no BIOS.
            BootMode = image.Firmware == Firmware.Uefi || image.Architecture == "aarch64" ? BootMode.Uefi : BootMode.LegacyBios,
            VirtualizationType = "hvm",
            EnaSupport = true,
            ImdsSupport = "v2.0",
            RootDeviceName = RootDevice,
            BlockDevices = [new BlockDeviceMapping { DeviceName = RootDevice, Ebs = new EbsBlockDevice { SnapshotId = snapshot, VolumeType = VolumeType.Gp3, DeleteOnTermination = true } }],
        };
        var id = await _calls.RunAsync("RegisterImage", name, $"name={name} snapshot={snapshot}", image.DiskDigest, () => _ec2.SendAsync(register, cancellationToken), made => made, cancellationToken).ConfigureAwait(false);
        await TagAsync(image, id, cancellationToken).ConfigureAwait(false);
    }

    private async Task TagAsync(ImageDescriptor image, string id, CancellationToken cancellationToken)
    {
        var tags = ImageTags.Of(image, await _bucket.NameAsync(cancellationToken).ConfigureAwait(false));
        await _ec2.SendAsync(new CreateTags { ResourceIds = [id], Tags = tags }, cancellationToken).ConfigureAwait(false);
    }

    // Brings a machine image that is there to its end: tagged, available, and nothing of it left in the bucket.
    private async Task SettleAsync(ImageDescriptor image, Image there, bool mayHaveSent, CancellationToken cancellationToken)
    {
        var isTagged = there.Tags.ContainsKey(VmTags.ImageDigest) && there.Tags.ContainsKey(ImageTags.DiskDigest);
        if (!isTagged) await TagAsync(image, there.ImageId, cancellationToken).ConfigureAwait(false);
        for (var state = there.State; state != ImageState.Available;)
        {
            if (state != ImageState.Pending && state != ImageState.Transient) throw ImageErrors.NotRegistered(_host, image, there.ImageId, state.ToString(), there.StateReason?.Message);
            await Task.Delay(TimeSpan.FromSeconds(2), _clock, cancellationToken).ConfigureAwait(false);
            if (await _images.FindAsync(image, cancellationToken).ConfigureAwait(false) is not { } now) return;
            (there, state) = (now, now.State);
        }

        if (isTagged && !mayHaveSent && !there.Tags.ContainsKey(ImageTags.Upload)) return;
        await _bucket.ClearAsync(UploadNames.Prefix(image), cancellationToken).ConfigureAwait(false);
        await _ec2.SendAsync(new DeleteTags { ResourceIds = [there.ImageId], Keys = [new TagKey { Key = ImageTags.Upload }] }, cancellationToken).ConfigureAwait(false);
    }
}
