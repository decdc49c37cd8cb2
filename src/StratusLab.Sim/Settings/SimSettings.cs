using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>What a <c>sim://</c> URI says a host is like.</summary>
internal sealed record SimSettings
{
    public required string Name { get; init; }

    public required int Cpu { get; init; }

    public required ByteSize Memory { get; init; }

    public required ByteSize Storage { get; init; }

    public required TimeSpan StartDelay { get; init; }

    public required TimeSpan BootDelay { get; init; }

    public required TimeSpan ShutdownDelay { get; init; }

    public required bool IgnoresAcpi { get; init; }

    public required bool IgnoresDhcp { get; init; }

    public required bool IgnoresAgent { get; init; }

    public required IReadOnlyList<string> Networks { get; init; }

    public required int UnmanagedCount { get; init; }

    public required ProviderCapabilities Capabilities { get; init; }

    /// <summary>What VMs cost; null on a host that costs nothing.</summary>
    public required SimPrices? Prices { get; init; }

    public required TimeSpan ListingDelay { get; init; }

    public required bool IsUnreachable { get; init; }

    public required TimeSpan CallDelay { get; init; }

    public required int? DropAfter { get; init; }

    public required string? FailCreate { get; init; }

    public required string? InterruptCreate { get; init; }

    /// <summary>Reads a URI.</summary>
    /// <exception cref="InvalidInputException">Something in the URI is wrong; the message names it.</exception>
    public static SimSettings Parse(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme != "sim" || parsed.Host.Length == 0
            || parsed.UserInfo.Length > 0 || parsed.AbsolutePath is not ("" or "/"))
        {
            throw new InvalidInputException("InvalidHostUri", $"'{uri}' is not the URI of a simulated host: write sim://NAME, such as sim://lab?cpu=64&memory=256GB.", "Uri");
        }

        var query = SimQuery.Parse(parsed.Query);
        var prices = query.Prices();
        var settings = new SimSettings
        {
            Name = ResourceName.Validate(parsed.Host, "host name"),
            Cpu = query.Count("cpu", 64, minimum: 1),
            Memory = query.Size("memory", ByteSize.FromGiB(256)),
            Storage = query.Size("storage", ByteSize.FromGiB(2048)),
            StartDelay = query.Duration("start", TimeSpan.Zero),
            BootDelay = query.Duration("boot", TimeSpan.FromMilliseconds(50)),
            ShutdownDelay = query.Duration("shutdown", TimeSpan.FromMilliseconds(50)),
            IgnoresAcpi = query.Flag("acpi", "ignore"),
            IgnoresDhcp = query.Flag("dhcp", "ignore"),
            IgnoresAgent = query.Flag("agent", "ignore"),
            Networks = query.List("networks") is { Count: > 0 } networks ? networks : ["default"],
            UnmanagedCount = query.Count("unmanaged", 0, minimum: 0),
            Capabilities = query.Capabilities("without", prices),
            Prices = prices,
            ListingDelay = query.Duration("lag", TimeSpan.Zero),
            IsUnreachable = query.Flag("unreachable", "true"),
            CallDelay = query.Duration("slow", TimeSpan.Zero),
            DropAfter = query.Has("drop-after") ? query.Count("drop-after", 0, minimum: 0) : null,
            FailCreate = query.Text("fail-create"),
            InterruptCreate = query.Text("interrupt-create"),
        };
        query.RefuseUnknown();
        return settings;
    }
}
