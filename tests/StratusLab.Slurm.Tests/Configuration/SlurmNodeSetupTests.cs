using System.Text;
using StratusLab.Core;
using YamlDotNet.RepresentationModel;

namespace StratusLab.Slurm.Tests.Configuration;

/// <summary>User data is YAML that cloud-init takes, and the key is in it once and nowhere else.</summary>
public sealed class SlurmNodeSetupTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 128).Select(i => (byte)i)];

    [Fact]
    public void User_data_has_all_that_a_node_needs()
    {
        var setup = new SlurmNodeSetup("head.example.org:6817", Key) { Lease = TimeSpan.FromMinutes(20), MaxLifetime = TimeSpan.FromHours(2) };
        var text = setup.ToUserData("burst-1");
        Assert.StartsWith("#cloud-config\n", text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 16 << 10); // what EC2 takes

        var root = Parse(text);
        Assert.Equal("burst-1", Text(root, "hostname"));
        var files = ((YamlSequenceNode)root.Children["write_files"]).Cast<YamlMappingNode>().ToDictionary(file => Text(file, "path"), StringComparer.Ordinal);
        var key = files["/etc/munge/munge.key"];
        Assert.Equal(("0400", "munge:munge"), (Text(key, "permissions"), Text(key, "owner")));
        Assert.Equal(Key, Convert.FromBase64String(Text(key, "content")));
        var slurmd = Content(files["/etc/systemd/system/slurmd.service.d/stratus.conf"]);
        Assert.Contains("ExecStart=/usr/sbin/slurmd -D -b --conf-server head.example.org:6817\n", slurmd, StringComparison.Ordinal);

        // slurmd ends where slurmctld does not answer at once.
        Assert.Contains("Restart=on-failure\n", slurmd, StringComparison.Ordinal);
        Assert.Contains("StartLimitIntervalSec=0\n", slurmd, StringComparison.Ordinal);
        var service = Content(files["/etc/systemd/system/stratus-lease.service"]);
        Assert.Contains("STRATUS_LEASE_SECONDS=1200\n", service, StringComparison.Ordinal);
        Assert.Contains("STRATUS_MAX_LIFETIME_SECONDS=7200\n", service, StringComparison.Ordinal);
        Assert.StartsWith("#!/bin/sh\n", Content(files["/usr/local/sbin/stratus-lease"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24 * 60, 3600)]
    [InlineData(30, 1800)]
    public void A_machine_that_is_never_set_up_goes_off(int lifetime, int seconds)
    {
        var root = Parse(new SlurmNodeSetup("head", Key) { MaxLifetime = TimeSpan.FromMinutes(lifetime) }.ToUserData());
        var early = ((YamlSequenceNode)root.Children["bootcmd"]).Cast<YamlSequenceNode>().Select(c => c.Select(word => ((YamlScalarNode)word).Value!).ToList()).ToList();
        var guard = Assert.Single(early, c => c.Contains("systemd-run"));
        Assert.Contains($"--on-active={seconds}", guard);

        // Else the boot never ends: the timer waits for the boot, and this for the timer.
        Assert.Contains("--timer-property=DefaultDependencies=no", guard);
        Assert.Equal("systemctl is-active --quiet stratus-lease.timer || systemctl poweroff", guard[^1]);
    }

    [Fact]
    public void User_data_of_all_nodes_names_none_so_that_one_call_launches_many()
    {
        var setup = new SlurmNodeSetup("head", Key);
        var text = setup.ToUserData();
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Assert.Equal(setup.ToUserData("burst-7"), text.Replace("#cloud-config\n", "#cloud-config\nhostname: burst-7\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Same_input_gives_the_same_text() =>
        Assert.Equal(new SlurmNodeSetup("head", Key).ToUserData("c1"), new SlurmNodeSetup("head", Key).ToUserData("c1"));

    [Fact]
    public void Key_is_shown_nowhere_else()
    {
        var setup = new SlurmNodeSetup("head", Key);
        var packed = Convert.ToBase64String(Key);
        Assert.Equal(2, setup.ToUserData("c1").Split(packed).Length);
        Assert.DoesNotContain(packed, setup.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(setup.GetType().GetProperties(), property => property.PropertyType == typeof(byte[]) || property.PropertyType == typeof(string));
        Assert.Equal("user-data", new BatchConfigurationFile("user-data", setup.ToUserData("c1")).ToString());
    }

    [Fact]
    public async Task What_is_no_key_is_refused()
    {
        Assert.Equal("SlurmConfigurationInvalid", Assert.Throws<InvalidInputException>(() => new SlurmNodeSetup("head", Key.AsSpan(0, 31))).ErrorId);
        Assert.Equal("SlurmConfigurationInvalid", Assert.Throws<InvalidInputException>(() => new SlurmNodeSetup("head; reboot", Key)).ErrorId);
        Assert.Equal("NodeSetupInvalid", Assert.Throws<InvalidInputException>(() => new SlurmNodeSetup("head", Key).ToUserData("a b")).ErrorId);
        var e = await Assert.ThrowsAsync<InvalidInputException>(() => SlurmNodeSetup.FromKeyFileAsync("head", Path.Combine(Path.GetTempPath(), "nosuch-munge.key")));
        Assert.Equal("mungeKeyFile", e.Field);
    }

    private static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;

    private static string Content(YamlMappingNode file) => Encoding.UTF8.GetString(Convert.FromBase64String(Text(file, "content")));
}
