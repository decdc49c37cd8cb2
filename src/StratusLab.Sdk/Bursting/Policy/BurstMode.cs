namespace StratusLab.Sdk;

/// <summary>Who starts work on burst nodes.</summary>
public enum BurstMode
{
    /// <summary>The controller looks at the queue and lets jobs onto the burst partition.</summary>
    Pull,

    /// <summary>Users name the burst partition themselves; the same guard holds.</summary>
    Hook,

    /// <summary>Nobody: it is decided and explained, and nothing is touched.</summary>
    Advise,
}
