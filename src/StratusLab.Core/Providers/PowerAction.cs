namespace StratusLab.Core;

/// <summary>A change of power state.</summary>
public enum PowerAction
{
    /// <summary>Power on.</summary>
    Start,

    /// <summary>Ask the guest to shut down (ACPI). Returns when it was asked, not when it is off.</summary>
    Shutdown,

    /// <summary>Cut the power; data not yet written is lost.</summary>
    PowerOff,

    /// <summary>Ask the guest to reboot.</summary>
    Reboot,

    /// <summary>Press the reset button; data not yet written is lost.</summary>
    Reset,

    /// <summary>Hold in memory.</summary>
    Suspend,

    /// <summary>Let a suspended VM go on.</summary>
    Resume,
}
