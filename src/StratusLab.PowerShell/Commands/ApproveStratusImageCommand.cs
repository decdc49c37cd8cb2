using System.Management.Automation;
using System.Security;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Vouches for images of the store with a signature.</summary>
[Cmdlet(VerbsLifecycle.Approve, "StratusImage", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SignedImageStatement))]
public sealed class ApproveStratusImageCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByImage = "Image";

    /// <summary>Names, <c>name:version</c> or digests of images, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Images, as <c>Get-StratusImage</c> gives them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    public StratusImage[] Image { get; set; } = [];

    /// <summary>The signer's certificate: an object with its private key, or the path of a PKCS#12 or PEM file.</summary>
    [Parameter(Mandatory = true, Position = 1)]
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

    /// <summary>For how long; by default as long as the certificate holds.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ValidFor { get; set; }

    /// <summary>A remark for people.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>Marketplaces to which the endorsement is sent where they have the image.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MarketplaceNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Marketplace { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var key = SigningKey.Of(Certificate!, KeyFilePath, CertificatePassword, FullPathOf);
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var name in Marketplace) await site.Marketplaces.GetAsync(name, cancel).ConfigureAwait(false);
            using var signer = await key.OpenAsync(pipeline, cancel).ConfigureAwait(false);
            var images = ParameterSetName == ByImage ? Image.ToAsyncEnumerable() : ImageSelection.FindAsync(site, Name, pipeline, cancel);
            await foreach (var image in images.ConfigureAwait(false))
            {
                if (!await pipeline.ShouldProcessAsync($"image '{image.Reference}' ({image.Digest})", $"Endorse as {signer}").ConfigureAwait(false)) continue;
                try
                {
                    var until = ValidFor is { } lifetime ? TimeProvider.System.GetUtcNow() + lifetime : (DateTimeOffset?)null;
                    await pipeline.WriteAsync(await site.Trust.EndorseAsync(image, signer, until, Reason, cancel).ConfigureAwait(false)).ConfigureAwait(false);
                    var having = await site.Marketplaces.PublishStatementsAsync(image.Digest, Marketplace, cancel).ConfigureAwait(false);
                    foreach (var name in Marketplace.Except(having, StringComparer.OrdinalIgnoreCase))
                        await pipeline.WriteWarningAsync($"Marketplace '{name}' does not have image '{image.Reference}', so the endorsement was not sent there.").ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(image)).ConfigureAwait(false);
                }
            }
        });
    }
}
