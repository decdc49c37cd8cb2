using StratusLab.Rig.Guests;
using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Rig.Tests;

public sealed class OneHost() : LibvirtHostFixture(new LibvirtHostOptions());

public sealed class MicroGuestTests(OneHost fixture) : IClassFixture<OneHost>
{
    [RequiresTheory(Need.LibvirtHost, Need.MicroGuest, Need.IsoTools, Need.Ssh, Need.Uefi)]
    [InlineData("bios", false)]
    [InlineData("uefi", true)]
    public async Task Applies_its_seed_and_answers_over_ssh_and_agent(string name, bool uefi)
    {
        var key = await Guest.KeyAsync(fixture.Host);
        await Guest.StartAsync(fixture.Host, name, await GuestImages.MicroAsync(), $"""
            #cloud-config
            users:
              - default
              - name: alice
                ssh_authorized_keys:
                  - {key.Public}
            runcmd:
              - echo "one two" >/root/string
              - [sh, -c, 'echo "it''s a list" >/root/list']
            """, uefi);

        var address = await Guest.AddressAsync(fixture.Host, name);
        var text = await Guest.SshAsync(address, key.Path,
            "cloud-init status --wait; hostname; cat /root/string /root/list; ls -d /home/alice/.ssh", TimeSpan.FromMinutes(1));

        Assert.Equal(["status: done", name, "one two", "it's a list", "/home/alice/.ssh"], text.Trim().Split('\n'));
        Assert.Contains("return", await fixture.Host.VirshAsync("qemu-agent-command", name, """{"execute":"guest-ping"}"""), StringComparison.Ordinal);

        await fixture.Host.VirshAsync("shutdown", name, "--mode", "acpi");
        await Poll.UntilAsync("shut off", async _ => (await fixture.Host.VirshAsync("domstate", name)).Contains("shut off", StringComparison.Ordinal));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.IsoTools, Need.Ssh)]
    public async Task Understands_multipart_and_says_when_a_script_fails()
    {
        var key = await Guest.KeyAsync(fixture.Host);
        await Guest.StartAsync(fixture.Host, "parts", await GuestImages.MicroAsync(), $"""
            Content-Type: multipart/mixed; boundary="==B=="
            MIME-Version: 1.0

            --==B==
            Content-Type: text/cloud-config

            #cloud-config
            ssh_authorized_keys: 
              - "{key.Public}"
            --==B==
            Content-Type: text/x-shellscript
            Content-Transfer-Encoding: base64

            {Convert.ToBase64String("#!/bin/sh\necho from script >/root/script\nexit 3\n"u8)}
            --==B==--
            """);

        var address = await Guest.AddressAsync(fixture.Host, "parts");
        var text = await Guest.SshAsync(address, key.Path, "cloud-init status --wait; echo $?; cat /root/script", TimeSpan.FromMinutes(1));

        Assert.Equal(["status: error", "1", "from script"], text.Trim().Split('\n'));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest, Need.IsoTools, Need.Ssh)]
    public async Task Keeps_its_files_and_runs_its_commands_once_over_a_restart()
    {
        var key = await Guest.KeyAsync(fixture.Host);
        await Guest.StartAsync(fixture.Host, "again", await GuestImages.MicroAsync(),
            $"#cloud-config\nssh_authorized_keys: [] \nruncmd:\n  - echo run >>/root/count\nusers:\n  - name: root\n    ssh_authorized_keys:\n      - {key.Public}\n");
        var address = await Guest.AddressAsync(fixture.Host, "again");
        await Guest.SshAsync(address, key.Path, "cloud-init status --wait; echo kept >/root/file; sync; reboot", TimeSpan.FromMinutes(1));

        var text = "";
        await Poll.UntilAsync("the second boot", async _ =>
        {
            text = await Guest.SshAsync(address, key.Path, "cloud-init status --wait; cut -d. -f1 /proc/uptime >/dev/null; cat /root/file /root/count; ls /root/.ssh", TimeSpan.FromMinutes(1));
            return text.Contains("kept", StringComparison.Ordinal);
        });

        Assert.Equal(["status: done", "kept", "run", "authorized_keys"], text.Trim().Split('\n'));
    }
}
