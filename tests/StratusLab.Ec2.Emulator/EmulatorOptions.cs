using StratusLab.Ec2.Emulator.Guests;

namespace StratusLab.Ec2.Emulator;

/// <summary>What the emulated region is like.</summary>
public sealed record EmulatorOptions
{
    public string Region { get; init; } = "eu-west-1";

    /// <summary>A Local Zone that the account has opted in to, where compute optimized types are offered; null for none.</summary>
    public string? LocalZone { get; init; }

    public string AccountId { get; init; } = "123456789012";

    public string AccessKeyId { get; init; } = "AKIAEMULATOREXAMPLE0";

    public string SecretAccessKey { get; init; } = "emulator+secret/of0no+account0at0all0000";

    /// <summary>The session token that requests must carry; null for keys without one.</summary>
    public string? SessionToken { get; init; }

    /// <summary>How long the keys of an assumed role are said to be good.</summary>
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The port on 127.0.0.1; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>By which instances start, buckets fill and signatures expire.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>From launched to running, from stopping to stopped, and from shutting down to terminated.</summary>
    public TimeSpan StateChange { get; init; } = TimeSpan.Zero;

    /// <summary>How long a new instance is not listed.</summary>
    public TimeSpan DescribeLag { get; init; } = TimeSpan.Zero;

    /// <summary>How long a terminated instance is still listed.</summary>
    public TimeSpan TerminatedIsListed { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an import of a snapshot takes.</summary>
    public TimeSpan ImportTime { get; init; } = TimeSpan.Zero;

    /// <summary>Whether the account has the role <c>vmimport</c>.</summary>
    public bool HasImportRole { get; init; } = true;

    /// <summary>Whether calls are throttled by the documented buckets.</summary>
    public bool Throttling { get; init; }

    /// <summary>How many instances may be launched at once when calls are throttled. Accounts begin with 1,000; more has to be asked for.</summary>
    public int LaunchesAtOnce { get; init; } = 1000;

    /// <summary>The running vCPUs that the account may have, per market.</summary>
    public int VCpuLimit { get; init; } = 100_000;

    /// <summary>Whether requests and answers are held against the botocore service model where that is installed.</summary>
    public bool Validate { get; init; } = true;

    /// <summary>
    /// The real machines behind running instances, which then have private addresses only; null for none.
    /// The emulator disposes them at its end.
    /// </summary>
    public IInstanceGuests? Guests { get; init; }

    /// <summary>Seed of what is left to chance.</summary>
    public int Seed { get; init; } = 1;
}
