using System.Diagnostics;
using StratusLab.Libvirt.Transport;
using Xunit;

namespace StratusLab.Libvirt.Tests.Transport;

public sealed class RemoteCommandTests
{
    [Fact]
    public void Ssh_gets_what_the_uri_says_and_nothing_that_looks_like_an_option()
    {
        var uri = LibvirtUri.Parse("qemu+ssh://alice@node1:2222/system?keyfile=/k%20ey&no_tty=1&no_verify=1&proxy=native");
        Assert.Equal(
            ["-T", "-e", "none", "-p", "2222", "-l", "alice", "-i", "/k ey", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "--", "node1",
                "sh -c 'exec virt-ssh-helper '\\''qemu:///system'\\'''"],
            SshTransport.Arguments(uri, RemoteCommand.Build(uri, readOnly: false)));
    }

    [Theory]
    [InlineData("qemu+ssh://h/system", false, "qemu:///system")]
    [InlineData("qemu+ssh://h/system", true, "-r qemu:///system")]
    [InlineData("qemu+ssh://h/session", false, "qemu:///session")]
    [InlineData("qemu+ssh://h/system?socket=/s%20s", false, "-U /s s")]
    [InlineData("qemu+ssh://h/system?proxy=netcat", true, "-U /var/run/libvirt/libvirt-sock-ro")]
    [InlineData("qemu+ssh://h/system?proxy=netcat&mode=direct", false, "-U /var/run/libvirt/virtqemud-sock")]
    [InlineData("qemu+ssh://h/system?a=$(id)%27%60id%60%22", false, "qemu:///system?a=$(id)%27%60id%60%22")]
    public async Task Shell_at_the_far_end_runs_the_program_with_exactly_these_arguments(string text, bool readOnly, string arguments)
    {
        // Programs of the same names that only tell their arguments, run by a real shell as sshd would.
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["nc", "virt-ssh-helper"])
        {
            await File.WriteAllTextAsync(folder[name], "#!/bin/sh\n[ \"$*\" = -q ] && exit 1\nprintf '%s\\n' \"$*\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", RemoteCommand.Build(LibvirtUri.Parse(text), readOnly) }, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        using var shell = Process.Start(start)!;
        Assert.Equal(arguments + "\n", await shell.StandardOutput.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact]
    public async Task Script_at_the_far_end_gets_exactly_its_arguments()
    {
        string[] arguments = ["a b", "it's", "$(id)`id`", "", "\\\"*"];
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", RemoteCommand.Script("printf '[%s]' \"$@\"; exit 3", arguments) },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var shell = Process.Start(start)!;
        Assert.Equal(string.Concat(arguments.Select(a => $"[{a}]")), await shell.StandardOutput.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.Equal(3, shell.ExitCode);
    }

    [Fact]
    public void A_shell_is_opened_over_ssh_only_and_with_one_line()
    {
        Assert.Throws<ArgumentException>(() => RemoteShell.Open(LibvirtUri.Parse("qemu:///system"), "id"));
        Assert.Throws<ArgumentException>(() => RemoteShell.Open(LibvirtUri.Parse("qemu+ssh://h/system"), "id\nid"));
    }
}
