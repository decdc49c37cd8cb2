namespace StratusLab.Libvirt;

/// <summary>Names of typed parameters for migrations (<c>VIR_MIGRATE_PARAM_*</c> in libvirt/libvirt-domain.h).</summary>
public static class MigrationParameters
{
    /// <summary>Where the hypervisor at the source sends its data: text, such as <c>tcp://node2:49152</c>.</summary>
    public const string Uri = "migrate_uri";

    /// <summary>The domain's name at the destination: text.</summary>
    public const string DestinationName = "destination_name";

    /// <summary>The domain's XML at the destination: text.</summary>
    public const string DestinationXml = "destination_xml";

    /// <summary>The persistent definition at the destination: text.</summary>
    public const string PersistentXml = "persistent_xml";

    /// <summary>Limit in MiB per second: 64-bit unsigned.</summary>
    public const string Bandwidth = "bandwidth";

    /// <summary>A disk to copy, as its target: text, may be given more than once.</summary>
    public const string Disks = "migrate_disks";

    /// <summary>The address that the destination listens on: text.</summary>
    public const string ListenAddress = "listen_address";

    /// <summary>Number of parallel connections: 32-bit signed.</summary>
    public const string ParallelConnections = "parallel.connections";
}
