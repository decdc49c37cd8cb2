using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace StratusLab.Libvirt.Transport;

/// <summary>Runs the system's OpenSSH client, with the user's own configuration, keys and agent, and speaks through it.</summary>
internal static class SshTransport
{
    public static ProcessStream Connect(LibvirtUri uri, bool readOnly) => Start(uri, RemoteCommand.Build(uri, readOnly));

    /// <summary>Runs a command at the far end.</summary>
    public static ProcessStream Start(LibvirtUri uri, string command)
    {
        var start = new ProcessStartInfo(uri.Command ?? "ssh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in Arguments(uri, command))
            start.ArgumentList.Add(argument);
        try
        {
            return new ProcessStream(Process.Start(start)!, start.FileName);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new LibvirtConnectionException($"{uri} cannot be opened: {start.FileName} cannot be started: {e.Message}. Install the OpenSSH client, or name it with ?command=PATH.", RequestState.NotSent, e);
        }
    }

    /// <summary>The same arguments as libvirt's own client gives (src/rpc/virnetsocket.c).</summary>
    internal static IEnumerable<string> Arguments(LibvirtUri uri, string remoteCommand)
    {
        var arguments = new List<string> { "-T", "-e", "none" };
        if (uri.Port is { } port)
            arguments.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        if (uri.User is { } user)
            arguments.AddRange(["-l", user]);
        if (uri.KeyFile is { } key)
            arguments.AddRange(["-i", key]);
        if (uri.NoTty)
            arguments.AddRange(["-o", "BatchMode=yes"]);
        if (uri.NoVerify)
            arguments.AddRange(["-o", "StrictHostKeyChecking=no"]);
        arguments.AddRange(["--", uri.Host!, remoteCommand]);
        return arguments;
    }
}
