using System.Runtime.InteropServices;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;

// The rig from a shell: a host that lives until standard input closes or the process is asked to end, or a guest image's path.
switch (args)
{
    case ["host", .. var options]:
        using (var stop = new CancellationTokenSource())
        {
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; stop.Cancel(); });
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => { c.Cancel = true; stop.Cancel(); });
            await using var host = await LibvirtHost.StartAsync(
                new()
                {
                    Tls = options.Contains("--tls"),
                    Ssh = options.Contains("--ssh"),
                    Tcp = options.Contains("--tcp"),
                },
                stop.Token);
            Console.WriteLine($"unix {host.Uri}");
            if (options.Contains("--tls"))
                Console.WriteLine($"tls {host.TlsUri}");
            if (options.Contains("--ssh"))
                Console.WriteLine($"ssh {host.SshUri}");
            if (options.Contains("--tcp"))
                Console.WriteLine($"tcp {host.TcpUri}");
            Console.WriteLine("ready");
            // A read of the console cannot be cancelled, so it is left behind when the process is asked to end.
            Task closed = Task.Run(() => Console.In.ReadToEndAsync(stop.Token));
            await closed.WaitAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return 0;
    case ["guest", "micro"]:
        Console.WriteLine(await GuestImages.MicroAsync());
        return 0;
    case ["guest", "debian"]:
        Console.WriteLine(await GuestImages.DebianAsync());
        return 0;
    default:
        Console.Error.WriteLine("usage: host [--tls] [--ssh] [--tcp] | guest micro | guest debian");
        return 2;
}
