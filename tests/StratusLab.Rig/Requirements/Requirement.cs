using System.Diagnostics;

namespace StratusLab.Rig.Requirements;

/// <summary>Finds out whether the machine has what a test needs.</summary>
public static class Requirement
{
    private static readonly Lazy<string?> Namespaces = new(NoNamespaces);

    /// <summary>Why the need is not met, naming the missing package, or null when it is.</summary>
    public static string? WhyNot(Need need) => need switch
    {
        Need.LibvirtHost => MissingProgram(
            ("libvirtd", "libvirt-daemon-system"), ("virtlogd", "libvirt-daemon-system"), ("virsh", "libvirt-clients"),
            ("qemu-system-x86_64", "qemu-system-x86"), ("qemu-img", "qemu-utils"), ("dnsmasq", "dnsmasq-base"), ("ip", "iproute2"),
            ("nsenter", "util-linux")) ?? Namespaces.Value,
        Need.MicroGuest => MissingProgram(
            ("apt-get", "apt, this not being Debian or Ubuntu"), ("syslinux", "syslinux"), ("mcopy", "mtools"), ("mkfs.vfat", "dosfstools"),
            ("mkfs.ext4", "e2fsprogs"), ("sfdisk", "fdisk"), ("cpio", "cpio"), ("zstd", "zstd"), ("depmod", "kmod"), ("qemu-img", "qemu-utils")),
        Need.DebianGuest => MissingProgram(
            ("mmdebstrap", "mmdebstrap"), ("extlinux", "extlinux"), ("mkfs.ext4", "e2fsprogs"), ("sfdisk", "fdisk"),
            ("qemu-img", "qemu-utils")) ?? (Environment.IsPrivilegedProcess ? null : "needs root to build the Debian guest"),
        Need.Ssh => MissingProgram(("ssh", "openssh-client"), ("ssh-keygen", "openssh-client"), ("sshd", "openssh-server")),
        Need.Curl => MissingProgram(("curl", "curl")),
        Need.Sasl => MissingProgram(("saslpasswd2", "sasl2-bin")) ?? MissingFile("/usr/lib/*/sasl2/libscram.so*", "libsasl2-modules"),
        Need.Uefi => MissingFile("/usr/share/OVMF/OVMF_CODE*.fd", "ovmf"),
        Need.IsoTools => MissingProgram(("isoinfo", "genisoimage"), ("genisoimage", "genisoimage")),
        Need.PythonLibvirt => MissingFile("/usr/lib/python3/dist-packages/libvirt.py", "python3-libvirt"),
        Need.Pwsh => MissingProgram(("pwsh", "PowerShell, a dotnet tool")),
        Need.Registry => MissingProgram(("docker-registry", "docker-registry")),
        Need.InstanceGuest => MissingProgram(
            ("ip", "iproute2"), ("nsenter", "util-linux"), ("sshd", "openssh-server"), ("ssh-keygen", "openssh-client"), ("useradd", "passwd"))
            ?? MissingFile("/usr/lib/python3/dist-packages/yaml/__init__.py", "python3-yaml")
            ?? MissingFile("/usr/lib/python3/dist-packages/jinja2/__init__.py", "python3-jinja2") ?? Namespaces.Value,
        Need.QemuImg => MissingProgram(("qemu-img", "qemu-utils")),
        Need.Skopeo => MissingProgram(("skopeo", "skopeo")),
        Need.Botocore => MissingFile("/usr/lib/python3/dist-packages/botocore/data/ec2/2016-11-15/service-2.json*", "python3-botocore"),
        Need.AwsCli => MissingFile("/usr/lib/python3/dist-packages/awscli/clidriver.py", "awscli"),
        Need.Boto3 => MissingFile("/usr/lib/python3/dist-packages/boto3/session.py", "python3-boto3"),
        Need.Slurm => MissingProgram(
            ("slurmctld", "slurmctld"), ("slurmd", "slurmd"), ("squeue", "slurm-client"), ("munged", "munge"), ("ip", "iproute2"),
            ("nsenter", "util-linux"), ("pgrep", "procps")) ?? Namespaces.Value,
        Need.Postgres => MissingFile("/usr/lib/postgresql/*/bin/initdb", "postgresql") ?? MissingProgram(("psql", "postgresql-client"), ("setpriv", "util-linux")),
        Need.GridEngine => MissingProgram(
            ("sge_qmaster", "gridengine-master"), ("sge_execd", "gridengine-exec"), ("qstat", "gridengine-client"), ("dnsmasq", "dnsmasq-base"), ("ip", "iproute2"), ("nsenter", "util-linux"))
            ?? MissingFile("/usr/lib/gridengine/spoolinit", "gridengine-master") ?? Namespaces.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(need), need, "Not a need."),
    };

    private static string? MissingProgram(params ReadOnlySpan<(string Program, string Package)> programs)
    {
        foreach (var (program, package) in programs)
        {
            if (!Folders().Any(folder => File.Exists(Path.Combine(folder, program))))
                return $"{program} is missing (package {package})";
        }
        return null;
    }

    private static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin").Append("/sbin");

    private static string? MissingFile(string pattern, string package)
    {
        var parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> found = ["/"];
        foreach (var part in parts)
            found = found.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, part));
        return found.Any() ? null : $"{pattern} is missing (package {package})";
    }

    private static string? NoNamespaces()
    {
        if (!Environment.IsPrivilegedProcess)
            return "needs root for network and mount namespaces";
        using var process = Process.Start("unshare", ["--net", "--mount", "--pid", "--uts", "--fork", "--mount-proc", "true"]);
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "this machine does not allow new namespaces";
    }
}
