namespace StratusLab.Sdk.Tests;

/// <summary>What can go wrong.</summary>
internal enum BurstFault
{
    /// <summary>The process ends.</summary>
    Crash,

    /// <summary>A request does not arrive.</summary>
    LostRequest,

    /// <summary>A request arrives and its reply does not.</summary>
    LostReply,

    /// <summary>The host has no machine.</summary>
    NoCapacity,

    /// <summary>A VM is not listed though it is there, or is listed though it is gone.</summary>
    LaggingList,

    /// <summary>A machine never comes up.</summary>
    NeverBoots,

    /// <summary>A machine goes off by itself.</summary>
    MachineDies,
}
