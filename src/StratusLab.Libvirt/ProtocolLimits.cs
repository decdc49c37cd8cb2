namespace StratusLab.Libvirt;

/// <summary>The protocol's own maxima: src/rpc/virnetprotocol.x and src/remote/remote_protocol.x, the same from libvirt 9.0 to 11.3.</summary>
internal static class ProtocolLimits
{
    /// <summary>VIR_NET_MESSAGE_LEN_MAX: the length word, which counts itself and is not counted in <see cref="MessageMax"/>.</summary>
    public const int LengthSize = 4;

    /// <summary>VIR_NET_MESSAGE_HEADER_MAX.</summary>
    public const int HeaderSize = 24;

    public const int PrefixSize = LengthSize + HeaderSize;

    /// <summary>VIR_NET_MESSAGE_MAX.</summary>
    public const int MessageMax = 33_554_432;

    /// <summary>VIR_NET_MESSAGE_LEGACY_PAYLOAD_MAX: what every server since 2007 takes in one stream packet.</summary>
    public const int StreamPacketMax = 262_120;

    /// <summary>VIR_NET_MESSAGE_STRING_MAX and REMOTE_STRING_MAX.</summary>
    public const int StringMax = 4_194_304;

    public const int DomainListMax = 16_384;
    public const int StoragePoolListMax = 16_384;
    public const int StorageVolumeListMax = 16_384;
    public const int NetworkListMax = 16_384;
    public const int SnapshotListMax = 16_384;
    public const int DhcpLeasesMax = 65_536;
    public const int DomainStatsMax = 262_144;
    public const int DomainInterfaceMax = 2_048;
    public const int DomainIPAddressMax = 2_048;
    public const int MigrateCookieMax = 4_194_304;
    public const int MigrateParametersMax = 64;
    public const int JobStatsMax = 64;
    public const int BlockCopyParametersMax = 16;
    public const int MemoryStatsMax = 16;
    public const int AuthTypesMax = 20;
    public const int SaslDataMax = 65_536;
}
