using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Layouts of src/remote/remote_protocol.x that are about migration and jobs.</summary>
internal static class MigrationCodec
{
    public static XdrWriter Migration(this XdrWriter writer, IReadOnlyCollection<TypedParameter> parameters) =>
        writer.Parameters(parameters, ProtocolLimits.MigrateParametersMax);

    public static XdrWriter Cookie(this XdrWriter writer, byte[] cookie) => writer.Opaque(cookie, ProtocolLimits.MigrateCookieMax);

    public static (byte[] Cookie, string Xml) ReadBegin(ref XdrReader reader) => (ReadCookie(ref reader), reader.ReadString());

    public static (byte[] Cookie, string? Uri) ReadPrepare(ref XdrReader reader) => (ReadCookie(ref reader), reader.ReadOptionalString());

    public static byte[] ReadCookie(ref XdrReader reader) => reader.ReadOpaque(ProtocolLimits.MigrateCookieMax).ToArray();

    public static (DomainRef Domain, byte[] Cookie) ReadFinish(ref XdrReader reader) => (DomainCodec.Read(ref reader), ReadCookie(ref reader));

    public static DomainJobStatistics ReadJob(ref XdrReader reader) =>
        new((DomainJobType)reader.ReadInt32(), ParameterCodec.ReadList(ref reader, ProtocolLimits.JobStatsMax, new ParameterCodec.NameCache()));
}
