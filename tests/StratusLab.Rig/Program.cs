using System.Runtime.InteropServices;
using StratusLab.Oci;
using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;

// The rig from a shell: a host that lives until standard input closes or the process is asked to end, a guest image's path,
// or one copy of an artifact, for tests that kill the process in the middle of it.
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
    case ["push", var layout, var registry, var repository, var digest]:
        using (var client = new RegistryClient(registry, Copying))
            await new RegistryTransfer(client, await OciLayout.OpenAsync(layout)).PushAsync(OciDigest.Parse(digest), repository);
        return 0;
    case ["pull", var layout, var registry, var repository, var digest]:
        using (var client = new RegistryClient(registry, Copying))
            await new RegistryTransfer(client, await OciLayout.OpenAsync(layout)).PullAsync(repository, digest);
        return 0;
    default:
        Console.Error.WriteLine("usage: host [--tls] [--ssh] [--tcp] | guest micro | guest debian | push|pull LAYOUT REGISTRY REPOSITORY DIGEST");
        return 2;
}

// Pieces so small that a process can be killed between many of them.
internal static partial class Program
{
    private static RegistryOptions Copying => new() { Credentials = new CredentialFiles([]), ChunkSize = 256 << 10, RetryDelay = TimeSpan.FromMilliseconds(100) };
}
