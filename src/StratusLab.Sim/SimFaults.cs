using System.IO.Enumeration;

namespace StratusLab.Sim;

/// <summary>What goes wrong on a simulated host. May be changed at any time, from any thread.</summary>
public sealed class SimFaults
{
    private long _calls;
    private long _dropAt = -1;

    /// <summary>Whether nobody can reach the host; its VMs go on.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>How long each call takes; a batch counts as one call per item.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Creations of VMs whose name matches this wildcard pattern are refused, and nothing is left; null for none.</summary>
    public string? FailCreate { get; set; }

    /// <summary>
    /// Creations of VMs whose name matches this wildcard pattern break off when the disk is made and the VM is not, as if the caller had
    /// died there; null for none.
    /// </summary>
    public string? InterruptCreate { get; set; }

    /// <summary>Digest of an image's disk that has changed on the host since it was verified, until it is sent anew; null for none.</summary>
    public string? DamagedDisk { get; set; }

    /// <summary>Creations whose image another administrator removes just before, one after another.</summary>
    public int RemoveImages { get; set; }

    /// <summary>Calls that reached the host so far; a batch counts as one call per item.</summary>
    public long CallCount => Interlocked.Read(ref _calls);

    /// <summary>Loses the connection once: the reply to the next call but <paramref name="calls"/> is lost, and what it asked for has happened.</summary>
    /// <param name="calls">Calls that still go well, 0 or more.</param>
    public void DropAfter(int calls)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(calls);
        Interlocked.Exchange(ref _dropAt, CallCount + calls + 1);
    }

    /// <summary>Counts a call.</summary>
    /// <returns>Whether its reply is to be lost.</returns>
    internal bool CountCall() => Interlocked.Increment(ref _calls) == Interlocked.Read(ref _dropAt);

    internal bool FailsCreate(string name) => Matches(FailCreate, name);

    internal bool InterruptsCreate(string name) => Matches(InterruptCreate, name);

    private static bool Matches(string? pattern, string name) => pattern is not null && FileSystemName.MatchesSimpleExpression(pattern, name);
}
