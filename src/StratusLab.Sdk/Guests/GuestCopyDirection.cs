namespace StratusLab.Sdk;

/// <summary>Which way files go.</summary>
public enum GuestCopyDirection
{
    /// <summary>From this machine into the guest.</summary>
    ToVM,

    /// <summary>From the guest to this machine.</summary>
    FromVM,
}
