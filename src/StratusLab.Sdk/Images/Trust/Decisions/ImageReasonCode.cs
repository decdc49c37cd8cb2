namespace StratusLab.Sdk;

/// <summary>What speaks for or against launching an image.</summary>
public enum ImageReasonCode
{
    /// <summary>A manifest, config, statement or disk in the local store is not what its digest says, or is missing.</summary>
    Damaged,

    /// <summary>The disk, read whole, is what its digest says.</summary>
    Intact,

    /// <summary>It is past the date until which its maker meant it to be used.</summary>
    Expired,

    /// <summary>Somebody who may has said that it is no longer to be used.</summary>
    Deprecated,

    /// <summary>A pinned endorser vouches for it.</summary>
    Endorsed,

    /// <summary>Nobody vouches for it whose word counts.</summary>
    NotEndorsed,

    /// <summary>Whoever vouches for it is denied by the policy.</summary>
    EndorserDenied,

    /// <summary>The policy denies its digest.</summary>
    DigestDenied,

    /// <summary>The policy allows certain digests, and its is none of them.</summary>
    DigestNotAllowed,

    /// <summary>The policy denies one of its labels.</summary>
    LabelDenied,

    /// <summary>The policy allows certain labels, and it has none of them.</summary>
    LabelNotAllowed,

    /// <summary>The site has not known it long enough.</summary>
    Quarantined,
}
