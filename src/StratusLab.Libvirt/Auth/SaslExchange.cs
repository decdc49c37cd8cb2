using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Auth;

/// <summary>Carries a SASL mechanism's messages in libvirt's authentication calls.</summary>
internal static class SaslExchange
{
    private const int MostSteps = 10;

    public static async Task RunAsync(RpcConnection rpc, LibvirtUri uri, LibvirtConnectionOptions options, CancellationToken cancellationToken)
    {
        var offered = await rpc.QueryAsync(RemoteProcedure.AuthSaslInit, new XdrWriter(0), Replies.String, cancellationToken).ConfigureAwait(false);
        var name = Choose(uri, offered);
        var credential = await CredentialFinder.FindAsync(uri, options, name, cancellationToken).ConfigureAwait(false);
        ISaslMechanism mechanism = name == ScramMechanism.MechanismName ? new ScramMechanism(credential) : new PlainMechanism(credential);

        var arguments = Data(new XdrWriter().String(mechanism.Name), mechanism.Start());
        var reply = await rpc.QueryAsync(RemoteProcedure.AuthSaslStart, arguments, Read, cancellationToken).ConfigureAwait(false);
        for (var step = 0; step < MostSteps; step++)
        {
            if (reply.Complete && mechanism.IsComplete)
                return;

            // Also when the server has completed, the mechanism must see its last message: it may prove who the server is.
            var answer = mechanism.Step(reply.Data ?? []);
            if (reply.Complete && mechanism.IsComplete)
                return;
            if (reply.Complete)
                break;
            reply = await rpc.QueryAsync(RemoteProcedure.AuthSaslStep, Data(new XdrWriter(), answer), Read, cancellationToken).ConfigureAwait(false);
        }

        throw new LibvirtProtocolException($"The server at {uri.Endpoint} ended the {mechanism.Name} authentication before it was complete on this side.");
    }

    /// <summary>The strongest mechanism that both sides have and that is safe on the transport.</summary>
    internal static string Choose(LibvirtUri uri, string offered)
    {
        var names = offered.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (names.Contains(ScramMechanism.MechanismName, StringComparer.Ordinal))
            return ScramMechanism.MechanismName;
        if (!names.Contains(PlainMechanism.MechanismName, StringComparer.Ordinal))
            throw new LibvirtConnectionException($"The server at {uri.Endpoint} offers the SASL mechanisms \"{offered}\", and this client has SCRAM-SHA-256 and PLAIN. Set mech_list in the server's sasl2/libvirt.conf.");
        return uri.Transport != LibvirtTransport.Tcp
            ? PlainMechanism.MechanismName
            : throw new LibvirtConnectionException($"The server at {uri.Endpoint} offers PLAIN only, which would send the password in the clear. Use +tls or +ssh.");
    }

    /// <summary>Bytes as <c>char data&lt;&gt;</c>, which XDR makes four bytes each, and a mark that tells no data from empty data.</summary>
    internal static XdrWriter Data(XdrWriter writer, byte[]? data)
    {
        writer.Truth(data is null);
        return writer.List(data ?? [], ProtocolLimits.SaslDataMax, static (w, b) => w.Int32((sbyte)b));
    }

    internal static (bool Complete, byte[]? Data) Read(ref XdrReader reader)
    {
        var complete = reader.ReadTruth();
        var nil = reader.ReadTruth();
        var data = reader.ReadList(ProtocolLimits.SaslDataMax, 4, static (ref r) => unchecked((byte)r.ReadInt32()));
        return (complete, nil ? null : data);
    }
}
