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

    /// <summary>The provider is an <see cref="IConsoleHost"/>.</summary>
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
}
