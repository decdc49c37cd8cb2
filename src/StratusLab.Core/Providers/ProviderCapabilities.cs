namespace StratusLab.Core;

/// <summary>What a provider can do beyond <see cref="IComputeProvider"/>.</summary>
[Flags]
public enum ProviderCapabilities
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary><see cref="PowerAction.Suspend"/> and <see cref="PowerAction.Resume"/> work.</summary>
    Suspend = 1,

    /// <summary>The provider is an <see cref="IImageHost"/>: images are placed on the host before launch.</summary>
    Images = 1 << 1,

    /// <summary>The provider is an <see cref="IConsoleHost"/> whose consoles can be written to.</summary>
    Console = 1 << 2,

    /// <summary>The provider is an <see cref="IGuestAgentHost"/>.</summary>
    GuestAgent = 1 << 3,

    /// <summary>The provider is an <see cref="IAddressSource"/> that can say why no address is known.</summary>
    AddressDiagnosis = 1 << 4,

    /// <summary><see cref="IComputeProvider.WatchAsync"/> is fed by the host's own events, not by polling.</summary>
    Events = 1 << 5,

    /// <summary>Images with <see cref="Firmware.Uefi"/> boot.</summary>
    Uefi = 1 << 6,

    /// <summary>The provider is an <see cref="IDiskHost"/>, and <see cref="VmRequest.CopyDiskOf"/> works.</summary>
    Disks = 1 << 7,

    /// <summary>The provider is an <see cref="IPricedHost"/>: its VMs cost money, and are asked for only where money may be spent.</summary>
    Priced = 1 << 8,

    /// <summary>The provider is an <see cref="IImageReader"/>: images that the host keeps can be read back.</summary>
    ImageReadback = 1 << 9,

    /// <summary><see cref="VmMarket.Spot"/> works.</summary>
    Spot = 1 << 10,

    /// <summary><see cref="VmRequest.RemoveOnShutdown"/> works.</summary>
    RemoveOnShutdown = 1 << 11,

    /// <summary>The host has a firewall, and <see cref="VmRequest.OpenPorts"/> are the only ports that are open.</summary>
    Firewall = 1 << 12,

    /// <summary><see cref="VmRequest.MachineType"/> and <see cref="VmRequest.Gpu"/> are honoured.</summary>
    MachineTypes = 1 << 13,

    /// <summary>The provider is an <see cref="INativeImageHost"/>: images that refer to the host's own launch.</summary>
    NativeImages = 1 << 14,

    /// <summary>The provider is an <see cref="IConsoleHost"/> that keeps what guests write to their consoles.</summary>
    ConsoleLog = 1 << 15,
}
