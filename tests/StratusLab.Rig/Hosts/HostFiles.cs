using System.Net;

namespace StratusLab.Rig.Hosts;

/// <summary>Writes a host's configuration before its daemons start, so that network and pools are there at once.</summary>
internal static class HostFiles
{
    public const string SaslUser = "stratus";
    public const string SaslPassword = "correct-horse";

    public static async Task<CertificateFolder?> WriteAsync(HostSlot slot, LibvirtHostOptions options, CancellationToken cancel)
    {
        var etc = Path.Combine(slot.Folder, "etc");
        foreach (var folder in (string[])["qemu/networks/autostart", "storage/autostart", "pki"])
            Directory.CreateDirectory(Path.Combine(etc, folder));

        await File.WriteAllTextAsync(
            Path.Combine(slot.Folder, "hosts"), $"127.0.0.1 localhost\n{slot.HostAddress} {slot.Link}\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(slot.Folder, "resolv.conf"), "# No name server\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(etc, "libvirtd.conf"), Daemon(options), cancel);
        await File.WriteAllTextAsync(
            Path.Combine(etc, "qemu.conf"), "namespaces = []\nsecurity_driver = \"none\"\ncgroup_controllers = []\n", cancel);
        await DefineAsync(Path.Combine(etc, "qemu", "networks"), "default", Network(slot), cancel);
        await DefineAsync(Path.Combine(etc, "storage"), "default", Pool("default", "/var/lib/libvirt/images"), cancel);

        if (!options.Kvm)
        {
            var mask = Path.Combine(slot.Folder, "nokvm");
            await File.WriteAllTextAsync(mask, "", cancel);
            File.SetUnixFileMode(mask, UnixFileMode.None);
        }
        if (options.SmallPoolMegabytes is { } megabytes)
        {
            await File.WriteAllTextAsync(Path.Combine(slot.Folder, "small"), $"{megabytes}", cancel);
            await DefineAsync(Path.Combine(etc, "storage"), "small", Pool("small", "/var/lib/libvirt/small"), cancel);
        }
        if (options.Sasl is { } mechanism)
            await SaslAsync(slot, mechanism, cancel);
        if (options.Ssh)
            await SshAsync(slot, cancel);
        if (!options.Tls)
            return null;

        var certificates = CertificateFolder.Create(Path.Combine(slot.Folder, "pki"), IPAddress.Parse(slot.HostAddress), slot.Link, "localhost");
        foreach (var file in Directory.EnumerateFiles(certificates.Server))
            File.Copy(file, Path.Combine(etc, "pki", Path.GetFileName(file)));
        return certificates;
    }

    private static string Daemon(LibvirtHostOptions options)
    {
        var sasl = options.Sasl is null ? "none" : "sasl";
        return $"""
            host_uuid = "{Guid.NewGuid()}"
            log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
            unix_sock_rw_perms = "0700"
            auth_unix_ro = "none"
            auth_unix_rw = "{sasl}"
            auth_tls = "{sasl}"
            auth_tcp = "none"
            listen_tls = {(options.Tls ? 1 : 0)}
            listen_tcp = {(options.Tcp ? 1 : 0)}
            ca_file = "/etc/libvirt/pki/cacert.pem"
            cert_file = "/etc/libvirt/pki/servercert.pem"
            key_file = "/etc/libvirt/pki/serverkey.pem"

            """;
    }

    // Mode "open" adds no firewall rules: the tests outside reach the guests. Without no-ping each lease costs three seconds.
    private static string Network(HostSlot slot) => $"""
        <network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
          <name>default</name>
          <uuid>{Guid.NewGuid()}</uuid>
          <forward mode='open'/>
          <bridge name='virbr0' stp='off' delay='0'/>
          <ip address='{slot.GuestPrefix}.1' netmask='255.255.255.0'>
            <dhcp><range start='{slot.GuestPrefix}.2' end='{slot.GuestPrefix}.254'/></dhcp>
          </ip>
          <dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options>
        </network>
        """;

    private static string Pool(string name, string path) => $"""
        <pool type='dir'>
          <name>{name}</name>
          <uuid>{Guid.NewGuid()}</uuid>
          <target><path>{path}</path></target>
        </pool>
        """;

    private static async Task DefineAsync(string folder, string name, string xml, CancellationToken cancel)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".xml"), xml, cancel);
        File.CreateSymbolicLink(Path.Combine(folder, "autostart", name + ".xml"), $"../{name}.xml");
    }

    private static async Task SaslAsync(HostSlot slot, string mechanism, CancellationToken cancel)
    {
        var folder = Path.Combine(slot.Folder, "sasl");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "libvirt.conf"), $"mech_list: {mechanism}\nsasldb_path: /etc/libvirt/passwd.db\n", cancel);
        await Command.RunAsync(
            "saslpasswd2",
            ["-p", "-c", "-a", "libvirt", "-f", Path.Combine(slot.Folder, "etc", "passwd.db"), "-u", slot.Link, SaslUser],
            SaslPassword,
            cancel);
    }

    private static async Task SshAsync(HostSlot slot, CancellationToken cancel)
    {
        var folder = Path.Combine(slot.Folder, "ssh");
        Directory.CreateDirectory(folder);
        foreach (var key in (string[])["host", "id"])
            await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", key, "-f", Path.Combine(folder, key)], cancel);
        File.Copy(Path.Combine(folder, "id.pub"), Path.Combine(folder, "authorized_keys"));
        var hostKey = (await File.ReadAllTextAsync(Path.Combine(folder, "host.pub"), cancel)).Trim();
        await File.WriteAllTextAsync(Path.Combine(folder, "known_hosts"), $"{slot.HostAddress} {hostKey}\n", cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "sshd_config"), $"""
            Port 22
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/authorized_keys
            PidFile {folder}/sshd.pid
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            UsePAM no
            StrictModes no
            MaxStartups 100
            MaxSessions 100
            Subsystem sftp internal-sftp

            """, cancel);
    }
}
