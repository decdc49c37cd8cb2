namespace StratusLab.Sdk;

/// <summary>What to wait for.</summary>
public enum VmCondition
{
    /// <summary>The guest executes.</summary>
    Running,

    /// <summary>An address is known, from a DHCP lease, the guest agent or ARP.</summary>
    Address,

    /// <summary>An ssh server answers at an address.</summary>
    Ssh,

    /// <summary>cloud-init has finished; that it failed is an error with what it said.</summary>
    CloudInit,

    /// <summary>The VM is off.</summary>
    Stopped,
}
