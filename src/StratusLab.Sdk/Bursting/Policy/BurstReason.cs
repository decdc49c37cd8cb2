namespace StratusLab.Sdk;

/// <summary>Why something was decided: a code that scripts can rely on.</summary>
public enum BurstReason
{
    /// <summary>It can start locally now.</summary>
    StartsLocally,

    /// <summary>Its wait is not worth its cost.</summary>
    WaitIsShort,

    /// <summary>Its wait is worth its cost.</summary>
    WaitIsLong,

    /// <summary>No local node has what it asks for.</summary>
    NeverLocal,

    /// <summary>Its user named the burst partition.</summary>
    NamedByUser,

    /// <summary>It was let onto burst nodes before and waits for them.</summary>
    AlreadyAllowed,

    /// <summary>It waits for something that no node can give it.</summary>
    Held,

    /// <summary>It needs more nodes than the centre has, and its user did not name the burst partition.</summary>
    LargerThanCentre,

    /// <summary>It needs more nodes than may burst at once.</summary>
    LargerThanMaxNodes,

    /// <summary>It may run for longer than a burst node lives.</summary>
    LongerThanMaxLifetime,

    /// <summary>It alone could cost more than one job may.</summary>
    OverJobShare,

    /// <summary>No class of burst node has what it asks for.</summary>
    NoFittingClass,

    /// <summary>The classes that fit have failed and are not to be asked for a while.</summary>
    OffersClosed,

    /// <summary>As many burst nodes as may be are there already.</summary>
    MaxNodesReached,

    /// <summary>What it could cost cannot be reserved.</summary>
    BudgetReserved,

    /// <summary>So much was spent that only priority jobs are let on.</summary>
    BudgetWarning,

    /// <summary>The day's budget is spent.</summary>
    BudgetSpent,

    /// <summary>It is too far back in the queue to be looked at now.</summary>
    BeyondPlanDepth,

    /// <summary>A job needs the node.</summary>
    NeededByJob,

    /// <summary>The node is held for the next job for a little longer.</summary>
    WithinIdleHold,

    /// <summary>The node was idle for as long as it is held.</summary>
    IdleHoldOver,

    /// <summary>The node is as old as it may get.</summary>
    MaxLifetimeReached,
}
