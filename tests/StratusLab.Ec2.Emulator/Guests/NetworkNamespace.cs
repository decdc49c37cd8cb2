using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>Sockets in another network namespace than this process'. A socket stays in the namespace that it was made in.</summary>
internal static class NetworkNamespace
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Binds a TCP socket in the network namespace of another process.</summary>
    public static Socket Bind(int processId, IPEndPoint endpoint)
    {
        var bound = new TaskCompletionSource<Socket>();
        // setns(2) moves one thread; this one ends with it.
        var thread = new Thread(() =>
        {
            try
            {
                using var space = File.OpenHandle($"/proc/{processId}/ns/net");
                if (SetNamespace(space, CloneNewNet) != 0) throw new Win32Exception();
                var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(endpoint);
                bound.SetResult(socket);
            }
            catch (Exception e) when (e is IOException or Win32Exception or UnauthorizedAccessException)
            {
                bound.SetException(e);
            }
        });
        thread.Start();
        thread.Join();
        return bound.Task.GetAwaiter().GetResult();
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeHandle space, int kind);
}
