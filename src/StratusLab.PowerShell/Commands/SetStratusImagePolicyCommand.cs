using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Says which images the site launches.</summary>
[Cmdlet(VerbsCommon.Set, "StratusImagePolicy", DefaultParameterSetName = Change, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ImagePolicy))]
public sealed class SetStratusImagePolicyCommand : StratusCmdlet
{
    private const string Change = "Change";
    private const string Whole = "Policy";
    private const string Back = "Reset";

    /// <summary>A whole policy, as <c>Get-StratusImagePolicy</c> gives it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = Whole)]
    [ValidateNotNull]
    public ImagePolicy? Policy { get; set; }

    /// <summary>Whether an image needs the endorsement of a pinned endorser.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    public SwitchParameter RequireEndorsement { get; set; }

    /// <summary>Only these images: digests of manifests or disks.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [Alias("AllowDigests")]
    [AllowEmptyCollection]
    public string[]? AllowDigest { get; set; }

    /// <summary>Never these images: digests of manifests or disks.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [Alias("DenyDigests")]
    [AllowEmptyCollection]
    public string[]? DenyDigest { get; set; }

    /// <summary>Only these of the endorsers count: names, SHA-256 thumbprints or subject patterns.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [Alias("AllowEndorsers")]
    [ArgumentCompleter(typeof(EndorserNameCompleter))]
    [AllowEmptyCollection]
    public string[]? AllowEndorser { get; set; }

    /// <summary>What these sign never counts: names, SHA-256 thumbprints or subject patterns.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [Alias("DenyEndorsers")]
    [ArgumentCompleter(typeof(EndorserNameCompleter))]
    [AllowEmptyCollection]
    public string[]? DenyEndorser { get; set; }

    /// <summary>Only images with one of these labels.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [Alias("AllowLabels")]
    [AllowEmptyCollection]
    public string[]? AllowLabel { get; set; }

    /// <summary>No image with one of these labels.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [Alias("DenyLabels")]
    [AllowEmptyCollection]
    public string[]? DenyLabel { get; set; }

    /// <summary>How long an image is known to the site before it may be launched.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    [DurationTransformation]
    public TimeSpan? Quarantine { get; set; }

    /// <summary>Launch deprecated images all the same.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    public SwitchParameter AllowDeprecated { get; set; }

    /// <summary>Launch expired images all the same.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Change)]
    public SwitchParameter AllowExpired { get; set; }

    /// <summary>Add what is given to the lists as they are, instead of replacing them.</summary>
    [Parameter(ParameterSetName = Change)]
    public SwitchParameter Append { get; set; }

    /// <summary>Take the policy away, so that what holds without one holds again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Back)]
    public SwitchParameter Reset { get; set; }

    /// <summary>Write the policy that holds to the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var given = MyInvocation.BoundParameters.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        Run(async (pipeline, site, cancel) =>
        {
            var policy = Policy ?? Changed(await site.Trust.GetPolicyAsync(cancel).ConfigureAwait(false), given);
            if (!await pipeline.ShouldProcessAsync("image policy of the site", Reset ? "Reset" : "Set").ConfigureAwait(false)) return;
            var now = Reset ? await site.Trust.ResetPolicyAsync(cancel).ConfigureAwait(false) : await site.Trust.SetPolicyAsync(policy, cancel).ConfigureAwait(false);
            if (now.RequireEndorsement && (await site.Trust.ListEndorsersAsync(cancel).ConfigureAwait(false)).Count == 0)
                await pipeline.WriteWarningAsync("The policy asks for endorsements and the site has pinned no endorser: no image is launched until Add-StratusEndorser has added one.").ConfigureAwait(false);
            if (PassThru) await pipeline.WriteAsync(now).ConfigureAwait(false);
        });
    }

    private ImagePolicy Changed(ImagePolicy policy, HashSet<string> given)
    {
        if (ParameterSetName == Change && !given.Except([nameof(Append), nameof(PassThru), "WhatIf", "Confirm"], StringComparer.OrdinalIgnoreCase).Except(CommonParameters, StringComparer.OrdinalIgnoreCase).Any())
            throw new InvalidInputException("NothingToChange", "Say what to change, such as -DenyDigest, -AllowEndorser, -Quarantine or -RequireEndorsement.");

        // The first policy asks for endorsements unless it says otherwise, even where no endorser is pinned yet.
        return policy with
        {
            RequireEndorsement = given.Contains(nameof(RequireEndorsement)) ? RequireEndorsement : policy.SetAt is null || policy.RequireEndorsement,
            AllowDigests = Merged(policy.AllowDigests, AllowDigest),
            DenyDigests = Merged(policy.DenyDigests, DenyDigest),
            AllowEndorsers = Merged(policy.AllowEndorsers, AllowEndorser),
            DenyEndorsers = Merged(policy.DenyEndorsers, DenyEndorser),
            AllowLabels = Merged(policy.AllowLabels, AllowLabel),
            DenyLabels = Merged(policy.DenyLabels, DenyLabel),
            Quarantine = Quarantine ?? policy.Quarantine,
            AllowDeprecated = given.Contains(nameof(AllowDeprecated)) ? AllowDeprecated : policy.AllowDeprecated,
            AllowExpired = given.Contains(nameof(AllowExpired)) ? AllowExpired : policy.AllowExpired,
        };
    }

    private IReadOnlyList<string> Merged(IReadOnlyList<string> before, string[]? given) =>
        given is null ? before : Append ? [.. before.Union(given, StringComparer.Ordinal)] : given;
}
