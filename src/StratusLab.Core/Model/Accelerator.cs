namespace StratusLab.Core;

/// <summary>How a host executes guests.</summary>
public enum Accelerator
{
    /// <summary>Hardware virtualisation if a canary guest shows that it works, else emulation.</summary>
    Auto,

    /// <summary>Hardware virtualisation through KVM.</summary>
    Kvm,

    /// <summary>Emulation (QEMU's Tiny Code Generator); works everywhere, slowly.</summary>
    Tcg,
}
