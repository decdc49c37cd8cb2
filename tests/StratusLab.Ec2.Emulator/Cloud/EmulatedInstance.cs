namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>An instance. Where it stands follows from the clock.</summary>
public sealed class EmulatedInstance
{
    public required string Id { get; init; }
    public required string ReservationId { get; init; }
    public required EmulatedInstanceType Type { get; set; }
    public required string ImageId { get; init; }
    public required EmulatedSubnet Subnet { get; init; }
    public required string PrivateAddress { get; init; }
    public string? PublicAddress { get; init; }
    public string? ClientToken { get; init; }
    public string? KeyName { get; init; }
    public required IReadOnlyList<string> GroupIds { get; set; }
    public string? UserData { get; set; }
    public string Market { get; init; } = "on-demand";
    public string? PlacementGroup { get; init; }
    public string ShutdownBehavior { get; set; } = "stop";
    public string HttpTokens { get; init; } = "optional";

    /// <summary><c>standard</c> or <c>unlimited</c>; null where the type has no CPU credits.</summary>
    public string? CpuCredits { get; init; }
    public bool CanHibernate { get; init; }
    public bool IsProtected { get; set; }

    /// <summary>When EC2 takes it back, by the notice that it has.</summary>
    public DateTimeOffset? InterruptedAt { get; set; }
    public int LaunchIndex { get; init; }
    public DateTimeOffset LaunchTime { get; set; }
    public DateTimeOffset ListedFrom { get; init; }
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
    public List<EmulatedVolume> Volumes { get; } = [];
    public string RootDevice { get; init; } = "/dev/xvda";
    public (string Code, string Message)? Reason { get; set; }

    private string _from = "pending", _to = "pending";
    private DateTimeOffset _at;

    /// <summary>Begins a change that is complete at a moment.</summary>
    public void Change(string during, string then, DateTimeOffset complete) => (_from, _to, _at) = (during, then, complete);

    public string State(DateTimeOffset now) => now < _at ? _from : _to;

    public bool IsTerminated(DateTimeOffset now) => State(now) is "terminated" or "shutting-down";

    public bool IsUnlisted(DateTimeOffset now, TimeSpan terminatedIsListed) =>
        now < ListedFrom || (_to == "terminated" && now >= _at + terminatedIsListed);

    public static int Code(string state) => state switch
    {
        "pending" => 0, "running" => 16, "shutting-down" => 32, "terminated" => 48, "stopping" => 64, _ => 80,
    };
}
