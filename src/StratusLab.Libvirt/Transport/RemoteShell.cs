namespace StratusLab.Libvirt;

/// <summary>
/// The shell of a machine that is reached by ssh: for work beside libvirt with the same ssh settings, keys and user as the URI's connection.
/// </summary>
public static class RemoteShell
{
    /// <summary>Starts a script there with <c>sh</c>. What is written to the stream is its input, what is read its output.</summary>
    /// <param name="uri">A URI with the transport ssh.</param>
    /// <param name="script">The script, on one line: some login shells, which get it first, take no more.</param>
    /// <param name="arguments">Its arguments <c>$1</c> and on. They can be seen by other users of both machines, so that they are no place for secrets.</param>
    /// <returns>The stream; disposing it ends ssh. After the end of the output reading fails, with what ssh and the script complained of.</returns>
    /// <exception cref="ArgumentException">The URI has another transport, or the script several lines.</exception>
    /// <exception cref="LibvirtConnectionException">ssh could not be started.</exception>
    public static Stream Open(LibvirtUri uri, string script, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(script);
        if (uri.Transport != LibvirtTransport.Ssh) throw new ArgumentException($"{uri} is not reached by ssh.", nameof(uri));
        if (script.Contains('\n', StringComparison.Ordinal)) throw new ArgumentException("The script has more than one line.", nameof(script));
        return Transport.SshTransport.Start(uri, Transport.RemoteCommand.Script(script, arguments));
    }
}
