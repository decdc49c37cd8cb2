using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Checks what a host needs, one thing after the other, each with what to do about it.</summary>
internal sealed class HostChecks(HostConnection host, AcceleratorDecision accelerator)
{
    private const string Connection = "Connection";

    private static readonly Version OldestLibvirt = new(9, 0, 0);
    private static readonly ByteSize LeastFree = ByteSize.FromGiB(1);

    /// <summary>The checks that need a connection, in their order.</summary>
    private (string Name, Func<LibvirtConnection, CancellationToken, Task<Finding>> Run)[] Checks =>
    [
        ("libvirt version", CheckVersionAsync),
        ("Write access", CheckAccessAsync),
        ("Emulator", CheckEmulatorAsync),
        ("Accelerator", CheckAcceleratorAsync),
        ("Storage pool", CheckPoolAsync),
        ("Network", CheckNetworkAsync),
        ("UEFI firmware", CheckFirmwareAsync),
        ("Security driver", CheckSecurityAsync),
    ];

    public async IAsyncEnumerable<HostCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        yield return Check(Connection, first);
        foreach (var (name, run) in Checks)
        {
            yield return Check(name, first.Result == CheckResult.Failed ? Finding.Skipped : await RunOneAsync(run, cancellationToken).ConfigureAwait(false));
        }
    }

    private HostCheck Check(string name, Finding finding) => new(host.Definition.Name, name, finding.Result, finding.Detail, finding.Remedy);

    private async Task<Finding> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await host.GetAsync(cancellationToken).ConfigureAwait(false);
            return Finding.Pass($"{host.Uri.Endpoint} answers");
        }
        catch (StratusException e)
        {
            return Finding.Fail(e.Message, e.ErrorId switch
            {
                "HostAuthenticationFailed" => "Check the user and the password or key, and the daemon's auth settings.",
                "HostCertificateRejected" => "Check that the CA certificate on this machine signed the host's certificate, that its names fit the URI, and that it is in date.",
                _ => "Check the address, that libvirtd (or virtqemud) runs there, and that a firewall lets the transport through.",
            });
        }
    }

    private async Task<Finding> RunOneAsync(Func<LibvirtConnection, CancellationToken, Task<Finding>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await host.CallAsync(connection => run(connection, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            return Finding.Fail(e.Message, e.ErrorId == "HostFilePermission" ? HostErrors.PermissionAdvice(host.Definition) : "Put right what the host says.");
        }
    }

    private static Task<Finding> CheckVersionAsync(LibvirtConnection connection, CancellationToken cancellationToken) => Task.FromResult(
        connection.ServerVersion >= OldestLibvirt
            ? Finding.Pass($"libvirt {connection.ServerVersion}")
            : Finding.Warn($"libvirt {connection.ServerVersion}", $"StratusLab is made for libvirt {OldestLibvirt} and later; upgrade the host."));

    /// <summary>Probes with a call that changes nothing and that a read-only client is refused.</summary>
    private static async Task<Finding> CheckAccessAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            // No domain has the empty UUID: with write access the answer is that there is none.
            await connection.Domains.ResumeAsync(new DomainRef("", Guid.Empty), cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.AccessDenied or LibvirtErrorCode.OperationDenied)
        {
            return Finding.Fail(e.Message, "Add the user to the group 'libvirt', or allow it in the polkit rules for org.libvirt.unix.manage.");
        }
        catch (LibvirtServerException)
        {
            // As expected.
        }

        return Finding.Pass("the connection may change VMs");
    }

    private async Task<Finding> CheckEmulatorAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        if (host.Uri.Driver != "qemu") return Finding.Warn($"the '{host.Uri.Driver}' driver runs no guests", "Use a qemu URI for real VMs.");
        var capabilities = HostCapabilities.Parse(await connection.Node.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false));
        return capabilities.HasEmulator
            ? Finding.Pass($"QEMU {await connection.Node.GetHypervisorVersionAsync(cancellationToken).ConfigureAwait(false)} for {capabilities.Architecture}")
            : Finding.Fail($"there is no QEMU for {capabilities.Architecture}", "Install it: Debian qemu-system-x86, Fedora qemu-kvm.");
    }

    private async Task<Finding> CheckAcceleratorAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var wanted = host.Definition.Accelerator;
        if (wanted == Accelerator.Tcg) return Finding.Pass("emulation (TCG), as the host was registered");
        var verdict = await accelerator.TryCanaryAsync(cancellationToken).ConfigureAwait(false);
        if (verdict.Accelerator == Accelerator.Kvm) return Finding.Pass($"KVM: {verdict.Reason}");
        const string Remedy = "Switch on virtualisation in the firmware, load kvm_intel or kvm_amd, or, on a virtual host, allow nested virtualisation.";
        return wanted == Accelerator.Kvm
            ? Finding.Fail($"KVM was asked for, but {verdict.Reason}", Remedy)
            : Finding.Warn($"emulation (TCG), which is slow: {verdict.Reason}", Remedy);
    }

    private async Task<Finding> CheckPoolAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        var info = await connection.Pools.GetInfoAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        var probe = $"stratus-check-{Guid.NewGuid():N}.img";
        ImageStamp stamp;
        try
        {
            await connection.Volumes.CreateAsync(pool.Ref, VolumeXml.Raw(probe, 0, "0600"), cancellationToken: cancellationToken).ConfigureAwait(false);
            stamp = VolumeXml.Stamp(await connection.Volumes.GetXmlAsync(pool.VolumeOf(probe), cancellationToken).ConfigureAwait(false));
        }
        catch (LibvirtServerException e)
        {
            return Finding.Fail($"pool '{pool.Ref.Name}' cannot be written: {e.Message}", e.IsPermission() ? HostErrors.PermissionAdvice(host.Definition) : "Make room in the pool, and check that its file system is not read-only.");
        }
        finally
        {
            await VolumeRemoval.DeleteAsync(connection, pool.Ref, probe, CancellationToken.None).ConfigureAwait(false);
        }

        if (stamp.ModifiedAt is null)
        {
            return Finding.Warn(
                $"pool '{pool.Ref.Name}' does not tell when a volume was written to, so that a launch does not notice an image that was changed at the same length",
                "Use a pool of type dir on a local file system, or read images back with Test-StratusImage -HostName.");
        }

        var free = new ByteSize((long)info.Available);
        return free < LeastFree
            ? Finding.Warn($"pool '{pool.Ref.Name}' has only {free} free", "Remove VMs or images, or give the pool more room.")
            : Finding.Pass($"pool '{pool.Ref.Name}' in {pool.Path} can be written and has {free} free");
    }

    private async Task<Finding> CheckNetworkAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var name = host.Definition.Network;
        NetworkRef network;
        try
        {
            network = await connection.Networks.LookupByNameAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoNetwork)
        {
            var known = await connection.Networks.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return Finding.Fail(HostErrors.NetworkNotFound(host.Definition, name, known.Select(n => n.Name)).Message, "Register the host with one of its networks, or define this one (Debian: libvirt-daemon-config-network).");
        }

        if (!await connection.Networks.IsActiveAsync(network, cancellationToken).ConfigureAwait(false))
            return Finding.Fail($"network '{name}' is not running", $"virsh net-start {name}; virsh net-autostart {name}");
        var xml = await connection.Networks.GetXmlAsync(network, cancellationToken).ConfigureAwait(false);
        return HostXml.Read(xml, "a network", static reader => reader.ReadToFollowing("dhcp"))
            ? Finding.Pass($"network '{name}' runs and gives addresses by DHCP")
            : Finding.Pass($"network '{name}' runs; addresses come from elsewhere, as libvirt runs no DHCP on it");
    }

    private async Task<Finding> CheckFirmwareAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        if (host.Uri.Driver != "qemu") return Finding.Skipped;
        var xml = await connection.Node.GetDomainCapabilitiesAsync(machine: "q35", virtualizationType: "qemu", cancellationToken: cancellationToken).ConfigureAwait(false);
        var offers = HostXml.Read(xml, "domain capabilities", static reader =>
        {
            while (reader.Next())
            {
                if (reader is { NodeType: System.Xml.XmlNodeType.Text, Value: "efi" }) return true;
            }

            return false;
        });
        return offers ? Finding.Pass("images that boot by UEFI can be used") : Finding.Warn("there is no UEFI firmware; images that boot by UEFI cannot be used", "Install it: Debian ovmf, Fedora edk2-ovmf.");
    }

    private async Task<Finding> CheckSecurityAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var capabilities = HostCapabilities.Parse(await connection.Node.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false));
        var confining = capabilities.SecurityModels.Where(m => m is "apparmor" or "selinux").ToList();
        return confining.Count > 0
            ? Finding.Pass($"guests are confined by {string.Join(" and ", confining)}")
            : Finding.Warn("guests are not confined by AppArmor or SELinux", "Set security_driver in the host's /etc/libvirt/qemu.conf, unless this is meant.");
    }

    /// <summary>How a check went, before it has a name.</summary>
    private readonly record struct Finding(CheckResult Result, string Detail, string? Remedy)
    {
        public static Finding Skipped => new(CheckResult.Skipped, "not checked", null);

        public static Finding Pass(string detail) => new(CheckResult.Passed, detail, null);

        public static Finding Warn(string detail, string remedy) => new(CheckResult.Warning, detail, remedy);

        public static Finding Fail(string detail, string remedy) => new(CheckResult.Failed, detail, remedy);
    }
}
