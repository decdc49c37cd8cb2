namespace StratusLab.Ec2.Client;

/// <summary>Which EC2, and how it is spoken to. Credentials are found by the AWS SDK's own chain.</summary>
internal sealed record Ec2ClientOptions
{
    /// <summary>The name by which errors call it.</summary>
    public required string HostName { get; init; }

    /// <summary>The region, such as <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>A profile of the AWS configuration files; null for the chain's first find.</summary>
    public string? ProfileName { get; init; }

    /// <summary>The endpoint instead of the region's own, of EC2, S3 and STS alike.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The endpoint of S3 where that is another one.</summary>
    public Uri? S3Endpoint { get; init; }

    /// <summary>Whether only endpoints validated by FIPS 140 are used.</summary>
    public bool UseFips { get; init; }

    /// <summary>Whether endpoints with IPv6 are used.</summary>
    public bool UseDualStack { get; init; }

    /// <summary>Whether the client slows itself down when EC2 throttles, beside waiting before it tries again.</summary>
    public bool AdaptiveRetry { get; init; }

    /// <summary>How often a call is tried in all, 1 to 10.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>How long a call that is throttled is made again.</summary>
    public TimeSpan ThrottlePatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one attempt may take until the answer begins.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);
}
