namespace StratusLab.Conformance.Tests;

/// <summary>A simulated host that can do no more than it must, so that each refusal is seen too.</summary>
public sealed class BareSimHostUnderTest : SimHostUnderTest
{
    public override string Uri => "sim://bare?cpu=8&memory=8GB&storage=4GB&unmanaged=1&without=suspend,images,console,agent,addresses,uefi";
}
