namespace StratusLab.Rig.Requirements;

/// <summary>What a test needs of the machine.</summary>
public enum Need
{
    /// <summary>To start a <see cref="Hosts.LibvirtHost"/>.</summary>
    LibvirtHost,

    /// <summary>To build the micro guest.</summary>
    MicroGuest,

    /// <summary>To build the Debian guest.</summary>
    DebianGuest,

    /// <summary>The client and the server of OpenSSH.</summary>
    Ssh,

    /// <summary>curl, by which a host fetches images.</summary>
    Curl,

    /// <summary>SASL users and mechanisms.</summary>
    Sasl,

    /// <summary>UEFI firmware for guests.</summary>
    Uefi,

    /// <summary>isoinfo and genisoimage, to check seed images.</summary>
    IsoTools,

    /// <summary>Python's libvirt binding, an independent client.</summary>
    PythonLibvirt,

    /// <summary>PowerShell on PATH.</summary>
    Pwsh,

    /// <summary>To start a <see cref="Registries.DockerRegistry"/>.</summary>
    Registry,

    /// <summary>skopeo, an independent client of registries.</summary>
    Skopeo,

    /// <summary>The description of the EC2 API that botocore ships.</summary>
    Botocore,

    /// <summary>The AWS command line, an independent client of EC2.</summary>
    AwsCli,

    /// <summary>boto3, an independent client of EC2.</summary>
    Boto3,

    /// <summary>Guests of the EC2 emulator: network namespaces, sshd, and what reads their user data.</summary>
    InstanceGuest,

    /// <summary>qemu-img, to convert disks.</summary>
    QemuImg,

    /// <summary>To start a <see cref="Slurm.SlurmCluster"/>.</summary>
    Slurm,

    /// <summary>To start a <see cref="Databases.PostgresServer"/>.</summary>
    Postgres,

    /// <summary>To start a <see cref="GridEngine.GridEngineCluster"/>.</summary>
    GridEngine,
}
