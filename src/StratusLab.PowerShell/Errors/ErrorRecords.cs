using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Failures as PowerShell reports them: the stable id first, a category that scripts can act on, the object concerned.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of a failure.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="target">The object concerned; by default what the failure itself names.</param>
    public static ErrorRecord ToErrorRecord(this StratusException error, object? target = null) =>
        new(error, error.ErrorId, Category(error.Kind), target ?? error.Resource)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = Advice(error) },
        };

    /// <summary>The record of a literal VM name that no host knows.</summary>
    public static ErrorRecord VmNotFound(string name) => NotFound("VmNotFound", $"There is no VM named '{name}' on any host that answered.", name);

    /// <summary>The record of a literal host name that the catalogue does not have.</summary>
    public static ErrorRecord HostNotFound(string name) => NotFound("HostNotFound", $"There is no host named '{name}' in this site.", name);

    /// <summary>The record of a literal image name that the store does not have.</summary>
    public static ErrorRecord ImageNotFound(string name) => NotFound("ImageNotFound", $"There is no image '{name}' in this site's store.", name);

    /// <summary>The record of a literal image name that none of the hosts asked for keeps.</summary>
    public static ErrorRecord ImageNotOnHosts(string name, IEnumerable<string> hosts) =>
        NotFound("ImageNotFound", $"No image '{name}' is kept on {string.Join(", ", hosts)}. Get-StratusImage -HostName shows what is there.", name);

    /// <summary>The record of a literal marketplace name that the catalogue does not have.</summary>
    public static ErrorRecord MarketplaceNotFound(string name) => NotFound("MarketplaceNotFound", $"There is no marketplace named '{name}' in this site.", name);

    /// <summary>The record of a literal image name that neither a marketplace nor the store has.</summary>
    public static ErrorRecord ImageNotFoundAnywhere(string name) =>
        NotFound("ImageNotFound", $"Neither the local store nor a marketplace that answered has an image '{name}'. Expired and deprecated ones are only shown when asked for.", name);

    /// <summary>The record of a literal size name that the catalogue does not have.</summary>
    public static ErrorRecord SizeNotFound(string name) => NotFound("SizeNotFound", $"There is no size named '{name}' in this site.", name);

    /// <summary>The record of a literal endorser name that the catalogue does not have.</summary>
    public static ErrorRecord EndorserNotFound(string name) => NotFound("EndorserNotFound", $"There is no endorser '{name}' in this site.", name);

    /// <summary>The record of a literal burst name that the catalogue does not have.</summary>
    public static ErrorRecord BurstNotFound(string name) => NotFound("BurstNotFound", $"There is no burst named '{name}' in this site.", name);

    private static ErrorRecord NotFound(string errorId, string message, string name) =>
        new StratusException(errorId, StratusErrorKind.NotFound, message).ToErrorRecord(name);

    private static ErrorCategory Category(StratusErrorKind kind) => kind switch
    {
        StratusErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        StratusErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        StratusErrorKind.InvalidInput => ErrorCategory.InvalidArgument,
        StratusErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        StratusErrorKind.Connection => ErrorCategory.ConnectionError,
        StratusErrorKind.Protocol => ErrorCategory.ProtocolError,
        StratusErrorKind.NoCapacity => ErrorCategory.ResourceUnavailable,
        StratusErrorKind.NotSupported => ErrorCategory.NotImplemented,
        StratusErrorKind.Timeout => ErrorCategory.OperationTimeout,
        StratusErrorKind.InvalidState => ErrorCategory.InvalidOperation,
        _ => ErrorCategory.NotSpecified,
    };

    /// <summary>Which cmdlet helps; null where the message says all.</summary>
    internal static string? Advice(StratusException error) => error.Kind switch
    {
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Vm", StringComparison.Ordinal) => "Get-StratusVM lists the VMs.",
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Image", StringComparison.Ordinal) => "Get-StratusImage lists the images.",
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Marketplace", StringComparison.Ordinal) => "Get-StratusMarketplace lists the marketplaces.",
        StratusErrorKind.Connection or StratusErrorKind.Protocol when error.ErrorId.StartsWith("Marketplace", StringComparison.Ordinal) => "Get-StratusMarketplace shows the address.",
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Size", StringComparison.Ordinal) => "Get-StratusSize lists the sizes.",
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Host", StringComparison.Ordinal) => "Get-StratusHost lists the hosts.",
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Endorser", StringComparison.Ordinal) => "Get-StratusEndorser lists the endorsers.",
        StratusErrorKind.NotFound when error.ErrorId.StartsWith("Burst", StringComparison.Ordinal) => "Get-StratusBurst lists the bursts.",
        StratusErrorKind.PermissionDenied when error is ImageRefusedException => "Test-StratusImage shows everything that speaks for or against the image.",
        StratusErrorKind.Connection or StratusErrorKind.Protocol when StartsWithOneOf(error.ErrorId, "Host", "NoOutcome") => "Test-StratusHost shows what stands in the way.",
        StratusErrorKind.Connection or StratusErrorKind.Protocol when StartsWithOneOf(error.ErrorId, "BatchSystem", "Slurm", "GridEngine") => "Test-StratusBurst shows what stands in the way.",
        StratusErrorKind.Connection when error.ErrorId is "GuestUnreachable" => "Get-StratusVMConsole shows how far the guest has come.",
        StratusErrorKind.NoCapacity => "Get-StratusHost shows what each host has left.",
        _ when error.IsTransient => "Try again later.",
        _ => null,
    };

    private static bool StartsWithOneOf(string id, params ReadOnlySpan<string> beginnings)
    {
        foreach (var beginning in beginnings)
            if (id.StartsWith(beginning, StringComparison.Ordinal)) return true;
        return false;
    }
}
