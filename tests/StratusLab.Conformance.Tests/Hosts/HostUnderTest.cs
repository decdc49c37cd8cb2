using StratusLab.Core;
using StratusLab.Rig;
using Xunit;

namespace StratusLab.Conformance.Tests;

/// <summary>A host on which the suite runs, and an independent way to look at it.</summary>
public abstract class HostUnderTest : IAsyncLifetime
{
    public const string Name = "tested";

    /// <summary>How long the slowest thing, such as the boot of a guest, may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Whether a VM gets what it asks for to the byte, and not the next larger size that the host sells.</summary>
    public virtual bool GivesExactSizes => true;

    /// <summary>An image that boots, with a guest agent and ACPI; it is on the host already where the host keeps images.</summary>
    public abstract ImageContent Image { get; }

    /// <summary>Name of a VM that is there and that StratusLab did not make.</summary>
    public abstract string UnmanagedName { get; }

    /// <summary>A URI of this kind of host where nobody answers.</summary>
    public abstract string UnreachableUri { get; }

    /// <summary>URIs with a scheme of this provider that are wrong in other ways.</summary>
    public abstract IReadOnlyList<string> WrongUris { get; }

    public abstract IComputeProviderFactory Factory { get; }

    /// <summary>The URI of the host.</summary>
    public abstract string Uri { get; }

    /// <summary>The host as a site would register it.</summary>
    public virtual HostDefinition Definition => new() { Name = Name, Uri = Uri };

    /// <summary>Where the host's providers write their calls.</summary>
    public MemoryCallJournal Calls { get; } = new();

    /// <summary>Another connection to the host, as a second administrator has one.</summary>
    public IComputeProvider Connect() => Factory.Create(Definition, Calls);

    /// <summary>All that is on the host, VMs and disks, seen without the provider's own inventory where that can be.</summary>
    public abstract Task<string> FootprintAsync();

    /// <summary>What the host is at, for the message of a test that waits for it in vain.</summary>
    public virtual Task<string> DescribeAsync() => Task.FromResult("");

    /// <summary>Leaves what a creation leaves that was killed after the disk was made and before the VM was known.</summary>
    public abstract Task LeaveHalfMadeAsync(VmRequest request);

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();
}
