using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Auth;

/// <summary>Authenticates in the first way that the server names, before anything is opened, as libvirt's own client does.</summary>
internal static class Authenticator
{
    public static async Task AuthenticateAsync(RpcConnection rpc, LibvirtUri uri, LibvirtConnectionOptions options, CancellationToken cancellationToken)
    {
        var types = await rpc.QueryAsync(RemoteProcedure.AuthList, new XdrWriter(0), ReadTypes, cancellationToken).ConfigureAwait(false);
        switch (types.Length == 0 ? AuthType.None : types[0])
        {
            case AuthType.None:
                break;
            case AuthType.Polkit:
                await rpc.QueryAsync(RemoteProcedure.AuthPolkit, new XdrWriter(0), Replies.Int32, cancellationToken).ConfigureAwait(false);
                break;
            case AuthType.Sasl:
                await SaslExchange.RunAsync(rpc, uri, options, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new LibvirtConnectionException($"The server at {uri.Endpoint} asks for authentication of type {(int)types[0]}, which this client does not know.");
        }
    }

    internal static AuthType[] ReadTypes(ref XdrReader reader) =>
        reader.ReadList(ProtocolLimits.AuthTypesMax, 4, static (ref r) => (AuthType)r.ReadInt32());
}
