using System.Collections;
using System.Management.Automation;
using System.Security;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Takes a disk file into the site's image store, and sends images to marketplaces.</summary>
[Cmdlet(VerbsData.Publish, "StratusImage", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusImage))]
public sealed class PublishStratusImageCommand : JobCmdlet
{
    private const string ByPath = "Path";
    private const string ByUri = "Uri";
    private const string ByImage = "Image";
    private const string ByAmiId = "AmiId";
    private const string ByAmiName = "AmiName";

    // The default one: PowerShell tries its parameters first, and a piped VM would else be taken for the image that it was made from.
    private const string ByVM = "VM";

    // What would change an image that is one already.
    private static readonly string[] ByFileOnly = [nameof(Title), nameof(Description), nameof(Architecture), nameof(Firmware), nameof(DefaultUser), nameof(Format), nameof(Creator), nameof(Os), nameof(InboundPort), nameof(Label), nameof(ValidFor), nameof(Compress)];

    private bool _begun;
    private bool _stored;
    private bool _done;

    /// <summary>The disk file, qcow2 or raw, also compressed with gzip; or an OCI image layout, as its folder or <c>oci:FOLDER[:TAG]</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByPath)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The disk file's <c>https</c> URL.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByUri)]
    [ValidateNotNull]
    public Uri? Uri { get; set; }

    /// <summary>What that file must hash to: its SHA-256 in hexadecimal digits, or the URL of a list of checksums that has it.</summary>
    [Parameter(ParameterSetName = ByUri)]
    [ValidateNotNullOrEmpty]
    public string? Checksum { get; set; }

    /// <summary>A VM to be saved as an image, as <c>Save-StratusImage</c> does.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByVM)]
    [ValidateNotNull]
    public VirtualMachine? VM { get; set; }

    /// <summary>An image of the store, to be sent to marketplaces: <c>name</c>, <c>name:version</c> or its digest.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByImage)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = string.Empty;

    /// <summary>Identity of a machine image of a host, to be published as a reference to it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAmiId)]
    [ValidateNotNullOrEmpty]
    public string AmiId { get; set; } = string.Empty;

    /// <summary>Name of a machine image of a host, with <c>*</c> and <c>?</c>: the newest that matches now is published as a reference.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAmiName)]
    [ValidateNotNullOrEmpty]
    public string AmiName { get; set; } = string.Empty;

    /// <summary>Who publishes it there: an account's number, <c>self</c> or <c>amazon</c>. A name alone is no proof of origin.</summary>
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(Mandatory = true, ParameterSetName = ByAmiName)]
    [ValidateNotNullOrEmpty]
    public string? AmiOwner { get; set; }

    /// <summary>The host that has it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByAmiId)]
    [Parameter(Mandatory = true, ParameterSetName = ByAmiName)]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string HostName { get; set; } = string.Empty;

    /// <summary>Marketplaces that shall have the image too.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    [Parameter(Mandatory = true, ParameterSetName = ByImage)]
    [ArgumentCompleter(typeof(MarketplaceNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Marketplace { get; set; } = [];

    /// <summary>Give the image the version <c>latest</c> in the marketplaces too.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>The certificate to sign the image with: an object with its private key, or the path of a PKCS#12 or PEM file.</summary>
    [Parameter]
    [ValidateNotNull]
    public CertificateInput? Certificate { get; set; }

    /// <summary>The PEM file of the private key, where it is not in the certificate's file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>The password of the file; asked for where it is needed and not given.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>The image's name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByPath)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByUri)]
    [Parameter(Mandatory = true, ParameterSetName = ByVM)]
    [Parameter(Mandatory = true, ParameterSetName = ByAmiId)]
    [Parameter(Mandatory = true, ParameterSetName = ByAmiName)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The image's version.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "latest";

    /// <summary>A short title.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    public string? Title { get; set; }

    /// <summary>What is in it and for whom.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    public string? Description { get; set; }

    /// <summary>CPU architecture in the kernel's words.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [ValidateNotNullOrEmpty]
    public string Architecture { get; set; } = "x86_64";

    /// <summary>What it boots with; by default what the disk shows.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    public Firmware? Firmware { get; set; }

    /// <summary>The user that accepts ssh keys.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    [ValidateNotNullOrEmpty]
    public string DefaultUser { get; set; } = "root";

    /// <summary>Format of the file; by default what its content shows.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    public DiskFormat? Format { get; set; }

    /// <summary>Who made it; by default the user.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    public string? Creator { get; set; }

    /// <summary>The operating system, in the Go language's words.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [ValidateNotNullOrEmpty]
    public string Os { get; set; } = "linux";

    /// <summary>TCP ports that a VM of it serves.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    [ValidateRange(1, 65535)]
    public int[] InboundPort { get; set; } = [];

    /// <summary>Labels that policy and searches can ask for.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    public Hashtable? Label { get; set; }

    /// <summary>For how long it may be launched, such as <c>90d</c>.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    [Parameter(ParameterSetName = ByVM)]
    [Parameter(ParameterSetName = ByAmiId)]
    [Parameter(ParameterSetName = ByAmiName)]
    [DurationTransformation]
    public TimeSpan? ValidFor { get; set; }

    /// <summary>Store and send it compressed with gzip; hosts get it unpacked.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByUri)]
    public SwitchParameter Compress { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var layout = ParameterSetName == ByPath ? LayoutPath.TryParse(Path, GetUnresolvedProviderPathFromPSPath) : null;
        var publication = layout is null && ParameterSetName is (ByPath or ByUri) ? Describe() : null;
        var isReference = ParameterSetName is ByAmiId or ByAmiName;
        NativeImage? native = null;
        if (isReference)
        {
            // Looked up first, so that who is asked whether to publish it sees what it is.
            Run(async (_, site, cancel) => native = await site.Images.FindNativeAsync(HostName, Query(), cancel).ConfigureAwait(false));
            if (native is null) return;
        }

        var given = MyInvocation.BoundParameters.Keys;
        var odd = given.FirstOrDefault(ByFileOnly.Contains);
        var version = given.Contains(nameof(Version)) ? Version : null;
        var places = Marketplace.Length > 0 ? $" to {string.Join(", ", Marketplace)}" : string.Empty;
        var vm = ParameterSetName == ByVM ? VM : null;
        var target = publication is not null ? $"image '{Name}:{Version}' from {(Uri is { IsAbsoluteUri: true } ? Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : publication.Path)}" : layout is not null ? $"image '{Name}' from {layout}" : vm is not null ? $"image '{Name}:{Version}' of VM '{vm.Name}'" : native is not null ? $"image '{Name}:{Version}' that refers to {native} of {native.Owner} in {native.Place}" : $"image '{Image}'";
        var key = Certificate is null ? null : SigningKey.Of(Certificate, KeyFilePath, CertificatePassword, FullPathOf);
        if (!ShouldProcess(target + places, "Publish")) return;

        (_begun, _stored, _done) = (false, ParameterSetName == ByImage, false);
        RunOrStart(async (pipeline, site, cancel) =>
        {
            if (layout is not null && odd is not null)
                throw new InvalidInputException("ImageIsComplete", $"-{odd} goes with a disk file: the image of a layout says that itself, and keeps its digest.", odd);
            if (Uri is { IsAbsoluteUri: false }) throw new InvalidInputException("InvalidImageUri", $"'{Uri}' is no URL. Right would be https://images.example.org/disk.qcow2.", "Uri");
            if (Latest && Marketplace.Length == 0) throw new InvalidInputException("NoMarketplace", "-Latest goes with -Marketplace: say where.", "Latest");
            foreach (var name in Marketplace) await site.Marketplaces.GetAsync(name, cancel).ConfigureAwait(false);
            using var signer = key is null ? null : await key.OpenAsync(pipeline, cancel).ConfigureAwait(false);
            _begun = true;
            using var progress = new ProgressSink(pipeline);
            var image = publication is not null ? await site.Images.PublishAsync(publication, progress, cancel).ConfigureAwait(false)
                : layout is not null ? await site.Images.ImportAsync(layout.Folder, layout.Tag, Name, version, progress, cancel).ConfigureAwait(false)
                : native is not null ? await site.Images.PublishReferenceAsync(Reference(given), native, cancel).ConfigureAwait(false)
                : vm is not null ? await site.ImageMaker.SaveAsync(Saving(vm), progress, cancel).ConfigureAwait(false)
                : await site.Images.GetAsync(Image, cancel).ConfigureAwait(false);
            if (native is not null) await pipeline.WriteVerboseAsync($"Image {image.Reference} refers to {native} of {native.Owner}, made {native.CreatedAt:u}, in {native.Place}.").ConfigureAwait(false);
            if (signer is not null) await site.Trust.EndorseAsync(image, signer, cancellationToken: cancel).ConfigureAwait(false);
            _stored = true;
            foreach (var name in Marketplace)
            {
                try
                {
                    await site.Marketplaces.PublishAsync(image.Digest, name, Latest, progress, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord($"{name}/{image.Reference}")).ConfigureAwait(false);
                }
            }

            _done = true;
            await pipeline.WriteAsync(image).ConfigureAwait(false);
        });
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) => Task.FromResult(
        !_begun || _done ? null
        : _stored ? "Publish-StratusImage was stopped: the image is in the store, and perhaps not in all marketplaces. What has gone there is kept, and the next attempt goes on from there."
        : "Publish-StratusImage was stopped: the image is not in the store, and nothing of it stays there.");

    private NativeImageQuery Query() => new() { Id = ParameterSetName == ByAmiId ? AmiId : null, Name = ParameterSetName == ByAmiName ? AmiName : null, Owner = AmiOwner };

    private ReferencePublication Reference(Dictionary<string, object>.KeyCollection given) => new()
    {
        Host = HostName,
        Query = Query(),
        Name = Name,
        Version = Version,
        Title = Title,
        Description = Description,
        DefaultUser = given.Contains(nameof(DefaultUser)) ? DefaultUser : null,
        Creator = Creator,
        InboundPorts = given.Contains(nameof(InboundPort)) ? InboundPort : null,
        Labels = Label is null ? null : Labels.From(Label),
        ValidUntil = ValidUntil,
    };

    private ImageSaving Saving(VirtualMachine vm) => new()
    {
        VM = vm.Id,
        Name = Name,
        Version = Version,
        Title = Title,
        Description = Description,
        Creator = Creator,
        InboundPorts = InboundPort is [] ? null : InboundPort,
        Labels = Labels.From(Label),
        ValidUntil = ValidUntil,
    };

    private DateTimeOffset? ValidUntil => ValidFor is { } lifetime ? TimeProvider.System.GetUtcNow() + lifetime : null;

    private ImagePublication Describe() => new()
    {
        Path = Uri is not null ? Uri.IsAbsoluteUri ? Uri.AbsoluteUri : Uri.OriginalString : GetUnresolvedProviderPathFromPSPath(Path),
        Checksum = Checksum,
        Name = Name,
        Version = Version,
        Title = Title,
        Description = Description,
        Architecture = Architecture,
        Firmware = Firmware,
        DefaultUser = DefaultUser,
        Format = Format,
        Creator = Creator,
        Os = Os,
        InboundPorts = InboundPort,
        Labels = Labels.From(Label),
        ValidUntil = ValidUntil,
        Compress = Compress,
    };
}
