using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Registers a place where images are found.</summary>
[Cmdlet(VerbsLifecycle.Register, "StratusMarketplace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Marketplace))]
public sealed class RegisterStratusMarketplaceCommand : StratusCmdlet
{
    /// <summary>The name by which the site shall call it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Where it is: <c>registry.example.org/images</c>, or the URL of a simplestreams catalogue.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Uri { get; set; } = string.Empty;

    /// <summary>What sort it is; by default a catalogue where the address is a URL, else a registry.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet(nameof(MarketplaceKind.Registry), nameof(MarketplaceKind.Simplestreams))]
    public string? Kind { get; set; }

    /// <summary>User and password or access token; by default what Docker's and Podman's credential files say.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Speak HTTP without TLS.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter PlainHttp { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isUrl = Uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || Uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        var marketplace = new Marketplace
        {
            Name = Name,
            Uri = Uri,
            Kind = Kind is not null ? Enum.Parse<MarketplaceKind>(Kind, ignoreCase: true) : isUrl ? MarketplaceKind.Simplestreams : MarketplaceKind.Registry,
            PlainHttp = PlainHttp,
        };
        Run(async (pipeline, site, cancel) =>
        {
            if (!await pipeline.ShouldProcessAsync($"marketplace '{Name}' at {Uri}", "Register").ConfigureAwait(false)) return;
            await pipeline.WriteAsync(await site.Marketplaces.RegisterAsync(marketplace, Credential?.GetNetworkCredential(), cancel).ConfigureAwait(false)).ConfigureAwait(false);
        });
    }
}
