using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Pins somebody whose word about images counts.</summary>
[Cmdlet(VerbsCommon.Add, "StratusEndorser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Endorser))]
public sealed class AddStratusEndorserCommand : StratusCmdlet
{
    /// <summary>The name by which the site shall call them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Their certificate, or that of the authority that certified them: an object, or the path of a PEM or DER file.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNull]
    public CertificateInput? Certificate { get; set; }

    /// <summary>With an authority: whose statements count.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? SubjectPattern { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var (name, certificate, path, pattern) = (Name, Certificate!, FullPathOf(Certificate!.Path), SubjectPattern);
        Run(async (pipeline, site, cancel) =>
        {
            if (!await pipeline.ShouldProcessAsync($"endorser '{name}' with {certificate}", "Pin").ConfigureAwait(false)) return;
            var endorser = path is not null
                ? await site.Trust.AddEndorserAsync(name, path, pattern, cancel).ConfigureAwait(false)
                : await site.Trust.AddEndorserAsync(name, certificate.Certificate!, pattern, cancel).ConfigureAwait(false);
            await pipeline.WriteAsync(endorser).ConfigureAwait(false);
        });
    }
}
