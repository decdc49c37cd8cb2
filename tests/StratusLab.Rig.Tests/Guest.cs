using StratusLab.Rig.Hosts;

namespace StratusLab.Rig.Tests;

/// <summary>Puts a guest on a host with nothing but virsh and genisoimage, so that the rig is not judged by the product.</summary>
internal static class Guest
{
    // Left to itself libvirt picks firmware that boots only what Microsoft's keys have signed.
    private const string Unsigned =
        "<firmware><feature enabled='no' name='secure-boot'/><feature enabled='no' name='enrolled-keys'/></firmware>";

    public static async Task StartAsync(LibvirtHost host, string name, string image, string userData, bool uefi = false)
    {
        var overlay = Path.Combine(host.PoolFolder, name + ".qcow2");
        var seed = Path.Combine(host.PoolFolder, name + ".iso");
        File.Copy(image, Path.Combine(host.PoolFolder, name + "-base.qcow2"));
        await Command.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-b", name + "-base.qcow2", "-F", "qcow2", overlay]);

        var files = Directory.CreateDirectory(Path.Combine(host.Folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "meta-data"), $"instance-id: {name}-1\nlocal-hostname: {name}\n");
        await File.WriteAllTextAsync(Path.Combine(files, "user-data"), userData);
        await Command.RunAsync("genisoimage",
            ["-quiet", "-no-pad", "-output", seed, "-volid", "cidata", "-joliet", "-rock", Path.Combine(files, "meta-data"), Path.Combine(files, "user-data")]);

        var xml = Path.Combine(files, "domain.xml");
        await File.WriteAllTextAsync(xml, $"""
            <domain type='qemu'>
              <name>{name}</name><memory unit='MiB'>{(uefi ? 256 : 192)}</memory><vcpu>1</vcpu>
              <os{(uefi ? " firmware='efi'" : "")}>{(uefi ? Unsigned : "")}<type arch='x86_64' machine='q35'>hvm</type></os>
              <features><acpi/></features>
              <devices>
                <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/var/lib/libvirt/images/{name}.qcow2'/><target dev='vda' bus='virtio'/></disk>
                <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/var/lib/libvirt/images/{name}.iso'/><target dev='vdb' bus='virtio'/></disk>
                <interface type='network'><source network='default'/><model type='virtio'/></interface>
                <serial type='pty'><log file='/var/log/libvirt/qemu/{name}-console.log'/></serial>
                <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
                <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
              </devices>
            </domain>
            """);
        await host.VirshAsync("define", xml);
        await host.VirshAsync("start", name);
    }

    /// <summary>Waits for the lease and gives the address.</summary>
    public static async Task<string> AddressAsync(LibvirtHost host, string name)
    {
        var address = "";
        await Poll.UntilAsync($"an address of {name}", async _ =>
        {
            var fields = (await host.VirshAsync("domifaddr", name)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            address = fields.Length > 3 ? fields[3].Split('/')[0] : "";
            return address.Length > 0;
        }, TimeSpan.FromMinutes(3));
        return address;
    }

    /// <summary>Runs a command as root over ssh, trying until the guest answers.</summary>
    public static async Task<string> SshAsync(string address, string key, string command, TimeSpan within)
    {
        var output = "";
        await Poll.UntilAsync($"ssh to {address}", async cancel =>
        {
            (var code, output, _) = await Command.TryAsync("ssh",
                ["-i", key, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                "-o", "ConnectTimeout=5", "root@" + address, command], cancel: cancel);
            return code != 255;
        }, within);
        return output;
    }

    /// <summary>A key pair in the host's folder; gives the private key's path and the public key.</summary>
    public static async Task<(string Path, string Public)> KeyAsync(LibvirtHost host)
    {
        var path = Path.Combine(host.Folder, "key-" + Guid.NewGuid().ToString("N"));
        await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
        return (path, (await File.ReadAllTextAsync(path + ".pub")).Trim());
    }
}
