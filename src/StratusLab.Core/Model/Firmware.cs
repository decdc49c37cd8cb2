namespace StratusLab.Core;

/// <summary>What an image boots with.</summary>
public enum Firmware
{
    /// <summary>PC BIOS.</summary>
    Bios,

    /// <summary>UEFI, without Secure Boot.</summary>
    Uefi,
}
