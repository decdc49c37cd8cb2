namespace StratusLab.Libvirt.Transport;

/// <summary>
/// What ssh runs at the far end. sshd hands it to the user's login shell, whichever that is, so it is one <c>sh -c</c> with everything
/// that came from the URI in single quotes.
/// </summary>
internal static class RemoteCommand
{
    public static string Build(LibvirtUri uri, bool readOnly)
    {
        var proxy = uri.Netcat is not null || uri.Socket is not null ? SshProxyMode.Netcat : uri.Proxy;

        // The path of a session's socket depends on the environment at the far end, which only the helper sees.
        if (proxy == SshProxyMode.Auto && uri.IsSession)
            proxy = SshProxyMode.Native;

        var helper = $"exec virt-ssh-helper {(readOnly ? "-r " : "")}{Quote(uri.ServerName)}";
        var netcat = Netcat(uri.Netcat ?? "nc", uri.Socket ?? SocketPath(uri, readOnly));
        var script = proxy switch
        {
            SshProxyMode.Native => helper,
            SshProxyMode.Netcat => netcat,
            _ => $"if command -v virt-ssh-helper >/dev/null 2>&1; then {helper}; else {netcat}; fi",
        };
        return $"sh -c {Quote(script)}";
    }

    /// <summary>A script and its arguments, each as one word for whichever shell the user has.</summary>
    public static string Script(string script, IEnumerable<string> arguments) => $"sh -c {Quote(script)} sh{string.Concat(arguments.Select(a => $" {Quote(a)}"))}";

    internal static string Quote(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Some netcats stay after the end of their input unless told <c>-q0</c>; others do not know that option.</summary>
    private static string Netcat(string command, string socket)
    {
        var quoted = Quote(command);
        return $"if {quoted} -q 2>&1 | grep \"requires an argument\" >/dev/null 2>&1; then set -- -q0; else set --; fi; exec {quoted} \"$@\" -U {Quote(socket)}";
    }

    private static string SocketPath(LibvirtUri uri, bool readOnly)
    {
        var daemon = uri.Mode == DaemonMode.Direct ? $"virt{uri.Driver}d" : "libvirt";
        return $"/var/run/libvirt/{daemon}-sock{(readOnly ? "-ro" : "")}";
    }
}
