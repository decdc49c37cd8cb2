namespace StratusLab.Core;

/// <summary>What became of one VM of a batch.</summary>
public sealed record VmOutcome
{
    /// <summary>Which item of the batch; null where the host gave the VM no identity.</summary>
    public required VmId? Id { get; init; }

    /// <summary>The request, for a creation.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The VM as it is now; null after a removal or a failure.</summary>
    public VirtualMachine? Vm { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public StratusException? Error { get; init; }

    /// <summary>Whether it was done.</summary>
    public bool Succeeded => Error is null;
}
