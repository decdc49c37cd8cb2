namespace StratusLab.Ec2.Errors;

/// <summary>Codes of the EC2 API that something depends on. Source: "Error codes for the Amazon EC2 API".</summary>
internal static class Ec2ErrorCode
{
    public const string DryRunOperation = "DryRunOperation";
    public const string UnauthorizedOperation = "UnauthorizedOperation";
    public const string InsufficientInstanceCapacity = "InsufficientInstanceCapacity";
    public const string RequestLimitExceeded = "RequestLimitExceeded";
    public const string IdempotentParameterMismatch = "IdempotentParameterMismatch";

    /// <summary>Whether EC2 lacks the machines asked for: another type, zone or market may have them.</summary>
    public static bool IsLackOfCapacity(string code) => code is
        InsufficientInstanceCapacity or "InsufficientHostCapacity" or "InsufficientReservedInstanceCapacity" or "InsufficientCapacity"
        or "InsufficientCapacityOnHost" or "InsufficientVolumeCapacity" or "InsufficientFreeAddressesInSubnet" or "InsufficientAddressCapacity"
        or "SpotMaxPriceTooLow" or "UnfulfillableCapacity" or "Unsupported";

    /// <summary>Whether a limit of the account stands in the way.</summary>
    public static bool IsQuota(string code) => code is
        "VcpuLimitExceeded" or "InstanceLimitExceeded" or "MaxSpotInstanceCountExceeded" or "VolumeLimitExceeded" or "SnapshotLimitExceeded"
        or "MaxIOPSLimitExceeded" or "SecurityGroupLimitExceeded" or "RulesPerSecurityGroupLimitExceeded" or "SecurityGroupsPerInstanceLimitExceeded"
        or "AddressLimitExceeded" or "VpcLimitExceeded" or "SubnetLimitExceeded" or "TagLimitExceeded" or "ResourceCountExceeded" or "ResourceLimitExceeded"
        or "InstanceCreditSpecification.NotSupported" or "ConcurrentSnapshotLimitExceeded" or "ImportSnapshotLimitExceeded" or "MaxConfigLimitExceededException"
        or "LaunchTemplateLimitExceeded" or "PlacementGroupLimitExceeded";

    public static bool IsThrottling(string code) => code is RequestLimitExceeded or "Throttling" or "ThrottlingException" or "RequestThrottled"
        or "RequestThrottledException" or "EC2ThrottledException" or "SlowDown" or "BandwidthLimitExceeded" or "InstanceStatusThrottled";

    /// <summary>Whether the server failed; what was asked may yet have been done.</summary>
    public static bool MayHaveTakenEffect(string code) => code is "InternalError" or "InternalFailure" or "ServiceUnavailable" or "Unavailable" or "ServerInternal"
        or "InternalException" or "RequestTimeout";

    /// <summary>Whether the refusal came before EC2 looked whether it had seen the client token before.</summary>
    public static bool SaysNothingOfToken(string code) => IsSignIn(code) || IsExpired(code) || IsPermission(code) || IsThrottling(code) || MayHaveTakenEffect(code) || code == IdempotentParameterMismatch;

    /// <summary>Whether a call for many instances may have been refused because of one of them.</summary>
    public static bool MayConcernOne(string code) => code.StartsWith("InvalidInstanceID", StringComparison.Ordinal) || IsState(code) || IsUnsupported(code) || IsLackOfCapacity(code);

    /// <summary>Whether the caller could not show who it is.</summary>
    public static bool IsSignIn(string code) => code is
        "AuthFailure" or "InvalidClientTokenId" or "SignatureDoesNotMatch" or "InvalidSignatureException" or "MissingAuthenticationToken"
        or "UnrecognizedClientException" or "IncompleteSignature" or "InvalidAccessKeyId";

    public static bool IsExpired(string code) => code is "RequestExpired" or "ExpiredToken" or "ExpiredTokenException" or "RequestTimeTooSkewed" or "RequestInTheFuture";

    public static bool IsNotFound(string code) => code.EndsWith(".NotFound", StringComparison.Ordinal) || code.EndsWith("NotFoundException", StringComparison.Ordinal)
        || code is "InvalidAMIID.Unavailable" or "InvalidLaunchTemplateName.NotFoundException";

    public static bool IsDuplicate(string code) => code.EndsWith(".Duplicate", StringComparison.Ordinal) || code is
        "InvalidLaunchTemplateName.AlreadyExistsException" or "ResourceAlreadyExists";

    public static bool IsState(string code) => code.StartsWith("Incorrect", StringComparison.Ordinal) || code.EndsWith("InUse", StringComparison.Ordinal)
        || code is "DependencyViolation" or "OperationNotPermitted" or "UnsupportedHibernationConfiguration" or "InvalidState";

    public static bool IsPermission(string code) => code is UnauthorizedOperation or "OptInRequired" or "PendingVerification" or "Blocked" or "AccessDenied"
        or "AccessDeniedException" or "AuthorizationError" or "InsufficientPermissions" or "SubscriptionRequired";

    public static bool IsUnsupported(string code) => code is "UnsupportedOperation" or "UnsupportedOperationException" or "InvalidAction" or "UnknownOperation"
        or "UnsupportedProtocol";
}
