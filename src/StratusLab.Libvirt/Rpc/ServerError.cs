using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>Decodes <c>virNetMessageError</c> (src/rpc/virnetprotocol.x).</summary>
internal static class ServerError
{
    public static LibvirtServerException Read(ref XdrReader reader)
    {
        var code = reader.ReadInt32();
        var domain = reader.ReadInt32();
        var message = reader.ReadOptionalString();
        var level = reader.ReadInt32();
        if (reader.ReadPresence())
        {
            reader.ReadOpaque(ProtocolLimits.StringMax);
            reader.ReadFixedOpaque(16);
            reader.ReadInt32();
        }

        var str1 = reader.ReadOptionalString();
        var str2 = reader.ReadOptionalString();
        var str3 = reader.ReadOptionalString();
        var int1 = reader.ReadInt32();
        var int2 = reader.ReadInt32();
        if (reader.ReadPresence())
        {
            reader.ReadOpaque(ProtocolLimits.StringMax);
            reader.ReadFixedOpaque(16);
        }

        return new LibvirtServerException((LibvirtErrorCode)code, (LibvirtErrorDomain)domain, (LibvirtErrorLevel)level, message)
        {
            Str1 = str1,
            Str2 = str2,
            Str3 = str3,
            Int1 = int1,
            Int2 = int2,
        };
    }
}
