namespace StratusLab.Conformance.Tests;

/// <summary>A simulated cloud: its VMs cost money.</summary>
public sealed class PricedSimHostUnderTest : SimHostUnderTest
{
    public override bool GivesExactSizes => false;

    public override string Uri => "sim://cloud?storage=4GB&unmanaged=1&price=0.05&spot=0.3";

    public override IReadOnlyList<string> WrongUris { get; } =
    [
        "sim://cloud?price=free", "sim://cloud?price=0", "sim://cloud?price=-1", "sim://cloud?spot=0.3", "sim://cloud?price=0.05&spot=2", "sim://cloud?capacity=5",
        "sim://cloud?price=0.05&capacity=many", "sim://cloud?lag=long",
    ];
}
