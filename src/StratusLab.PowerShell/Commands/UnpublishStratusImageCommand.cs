using System.Management.Automation;
using System.Security;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Says with a signature that images should no longer be used, or deletes them from marketplaces.</summary>
[Cmdlet(VerbsData.Unpublish, "StratusImage", DefaultParameterSetName = Deprecating, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SignedImageStatement))]
public sealed class UnpublishStratusImageCommand : StratusCmdlet
{
    private const string Deprecating = "Deprecate";
    private const string Purging = "Purge";

    /// <summary>Images of the store to deprecate, as <c>name:version</c>, with wildcards; with <c>-Purge</c> images of marketplaces as <c>marketplace/name:version</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(AnyImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Why.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Deprecating)]
    [ValidateNotNullOrEmpty]
    public string Reason { get; set; } = string.Empty;

    /// <summary>What to use instead: <c>name</c>, <c>name:version</c> or a digest.</summary>
    [Parameter(ParameterSetName = Deprecating)]
    [ValidateNotNullOrEmpty]
    public string? Replacement { get; set; }

    /// <summary>The signer's certificate: an object with its private key, or the path of a PKCS#12 or PEM file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Deprecating)]
    [ValidateNotNull]
    public CertificateInput? Certificate { get; set; }

    /// <summary>The PEM file of the private key, where it is not in the certificate's file.</summary>
    [Parameter(ParameterSetName = Deprecating)]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>The password of the file; asked for where it is needed and not given.</summary>
    [Parameter(ParameterSetName = Deprecating)]
    [ValidateNotNull]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>Marketplaces that shall be told, where they have the image.</summary>
    [Parameter(ParameterSetName = Deprecating)]
    [ArgumentCompleter(typeof(MarketplaceNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Marketplace { get; set; } = [];

    /// <summary>Delete them from their marketplaces.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Purging)]
    public SwitchParameter Purge { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Purge) Run(PurgeAsync);
        else Run(DeprecateAsync);
    }

    private async Task DeprecateAsync(IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        foreach (var name in Marketplace) await site.Marketplaces.GetAsync(name, cancellationToken).ConfigureAwait(false);
        using var signer = await SigningKey.Of(Certificate!, KeyFilePath, CertificatePassword, FullPathOf).OpenAsync(pipeline, cancellationToken).ConfigureAwait(false);
        await foreach (var image in ImageSelection.FindAsync(site, Name, pipeline, cancellationToken).ConfigureAwait(false))
        {
            if (!await pipeline.ShouldProcessAsync($"image '{image.Reference}' ({image.Digest})", $"Deprecate as {signer}").ConfigureAwait(false)) continue;
            try
            {
                var statement = await site.Trust.DeprecateAsync(image, signer, Reason, Replacement, cancellationToken).ConfigureAwait(false);
                await site.Marketplaces.PublishStatementsAsync(image.Digest, Marketplace, cancellationToken).ConfigureAwait(false);
                await pipeline.WriteAsync(statement).ConfigureAwait(false);
            }
            catch (StratusException e)
            {
                await pipeline.WriteErrorAsync(e.ToErrorRecord(image)).ConfigureAwait(false);
            }
        }
    }

    private async Task PurgeAsync(IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        foreach (var reference in Name)
        {
            if (!await pipeline.ShouldProcessAsync($"image '{reference}'", "Delete from its marketplace").ConfigureAwait(false)) continue;
            try
            {
                await site.Marketplaces.PurgeAsync(reference, cancellationToken).ConfigureAwait(false);
            }
            catch (StratusException e)
            {
                await pipeline.WriteErrorAsync(e.ToErrorRecord(reference)).ConfigureAwait(false);
            }
        }
    }
}
