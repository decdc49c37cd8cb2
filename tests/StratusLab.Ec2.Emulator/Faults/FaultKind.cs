namespace StratusLab.Ec2.Emulator.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>EC2 says no, with a code.</summary>
    Error,

    /// <summary>The connection breaks before anything is done.</summary>
    LostRequest,

    /// <summary>It is done, then the connection breaks.</summary>
    LostReply,

    /// <summary>It is done, and the answer's HTTP body ends too early.</summary>
    CutReply,

    /// <summary>It is done, and the answer is whole by HTTP's count but the XML lacks its end.</summary>
    TruncatedXml,

    /// <summary>Nothing is done; a proxy answers with a page in HTML.</summary>
    Html,

    /// <summary>Nothing is done; the answer is a page in HTML with status 200, as a sign-in portal gives.</summary>
    Portal,

    /// <summary>The answer declares entities that grow out of all bounds.</summary>
    EntityBomb,

    /// <summary>The answer comes late.</summary>
    Delay,

    /// <summary>No machines of this type, zone and market.</summary>
    NoCapacity,

    /// <summary>A describing call gives pages as if the last item were not there.</summary>
    LostItem,
}
