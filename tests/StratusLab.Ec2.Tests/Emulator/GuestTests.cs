using System.Globalization;
using System.IO.Compression;
using System.Net.NetworkInformation;
using System.Text;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.KeyPairs;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Guests;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Ec2.Tests.Emulator;

/// <summary>Instances with real guests behind them, reached with the system's ssh.</summary>
public sealed class GuestTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [RequiresFact(Need.InstanceGuest, Need.Ssh)]
    public async Task Two_instances_of_one_launch_have_host_names_of_their_own_and_leave_nothing()
    {
        using var keys = await Keys.MakeAsync();
        await using var region = await StartAsync();
        var instances = await LaunchAsync(region, 2, $$$"""
            ## template: jinja
            #cloud-config
            hostname: {{ ["atlas", "boson"][ds.meta_data.ami_launch_index] }}
            ssh_authorized_keys: ['{{{keys.Public}}}']
            """);

        Assert.Equal(["atlas root", "boson root"], [await keys.RunAsync(instances[0], "echo $(hostname) $(id -un)"), await keys.RunAsync(instances[1], "echo $(hostname) $(id -un)")]);
        Assert.NotEqual(await keys.RunAsync(instances[0], "cat /etc/ssh/guest_key.pub"), await keys.RunAsync(instances[1], "cat /etc/ssh/guest_key.pub"));
        var spaces = await keys.RunAsync(instances[0], "readlink /proc/self/ns/net; readlink /proc/self/ns/pid; readlink /proc/self/ns/uts");
        Assert.Empty(Spaces(spaces).Intersect(Namespaces("/proc/self")));
        Assert.Subset(NamespacesInUse(), Spaces(spaces));

        await region.Client.SendAsync(new TerminateInstances { InstanceIds = [.. instances.Select(i => i.InstanceId)] });

        await Poll.UntilAsync("the end of the guests", () => !Spaces(spaces).Overlaps(NamespacesInUse()), Patience);
    }

    [RequiresFact(Need.InstanceGuest, Need.Ssh)]
    public async Task User_data_in_several_compressed_parts_makes_the_default_user_files_and_scripts()
    {
        using var keys = await Keys.MakeAsync();
        await using var region = await StartAsync();
        var parts = $$"""
            Content-Type: multipart/mixed; boundary="=="
            MIME-Version: 1.0

            --==
            Content-Type: text/cloud-config; charset="utf-8"

            #cloud-config
            hostname: atlas
            ssh_authorized_keys: ['{{keys.Public}}']

            --==
            Content-Type: text/cloud-config; charset="utf-8"

            #cloud-config
            user: physicist
            write_files: [{path: /etc/site.conf, content: kept apart, permissions: '0604'}]
            runcmd: ['cp /etc/site.conf /var/lib/seen', [sh, -c, 'hostname >>/var/lib/seen']]

            --==
            Content-Type: text/x-shellscript; charset="utf-8"

            #!/bin/bash
            touch /var/lib/scripted
            --==--

            """;
        var instance = (await LaunchAsync(region, 1, Compress(parts)))[0];

        await Poll.UntilAsync("the end of the scripts", async _ => await keys.TryAsync(instance, "test -e /var/lib/cloud/boot-finished", "physicist") == 0, Patience);

        Assert.Equal("physicist atlas", await keys.RunAsync(instance, "echo $(id -un) $(hostname)", "physicist"));
        Assert.Equal("kept apartatlas\n604", await keys.RunAsync(instance, "cat /var/lib/seen && test -e /var/lib/scripted && stat -c %a /etc/site.conf", "physicist"));
        Assert.False(File.Exists("/etc/site.conf") || File.Exists("/var/lib/seen"), "A guest wrote files of this machine.");
        Assert.NotEqual(0, await keys.TryAsync(instance, "true", "root"));
    }

    [RequiresFact(Need.InstanceGuest, Need.Ssh)]
    public async Task A_shutdown_in_the_guest_stops_or_terminates_the_instance()
    {
        using var keys = await Keys.MakeAsync();
        await using var region = await StartAsync();
        var config = $"#cloud-config\nssh_authorized_keys: ['{keys.Public}']\n";
        var stopping = (await LaunchAsync(region, 1, config))[0];
        var terminating = (await LaunchAsync(region, 1, config, ShutdownBehavior.Terminate))[0];
        await keys.RunAsync(stopping, "echo here >kept");

        await keys.RunAsync(stopping, "poweroff");
        await keys.RunAsync(terminating, "shutdown -h now");

        await Poll.UntilAsync("the instance to be stopped", async _ => await StateAsync(region, stopping) == InstanceState.Stopped, Patience);
        await Poll.UntilAsync("the instance to be terminated", async _ => await StateAsync(region, terminating) == InstanceState.Terminated, Patience);

        await region.Client.SendAsync(new StartInstances { InstanceIds = [stopping.InstanceId] });
        Assert.Equal("here", await keys.RunAsync(stopping, "cat kept"));
    }

    [RequiresFact(Need.InstanceGuest, Need.Ssh, Need.Curl)]
    public async Task The_metadata_service_wants_a_token_and_tells_a_guest_of_itself()
    {
        using var keys = await Keys.MakeAsync();
        await using var region = await StartAsync();
        await region.Client.SendAsync(new ImportKeyPair { KeyName = "mine", PublicKeyMaterial = Convert.ToBase64String(Encoding.UTF8.GetBytes(keys.Public)) });
        var data = "#cloud-config\nhostname: atlas\n";
        var launch = Launch(region, 1, data) with { KeyName = "mine", MetadataOptions = new() { HttpTokens = TokenUse.Required }, MarketOptions = new() { MarketType = MarketType.Spot } };
        var instance = (await region.Client.SendAsync(launch)).Instances[0];
        const string Ask = """
            t=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
            for path in meta-data/instance-id meta-data/ami-launch-index meta-data/local-ipv4 meta-data/public-keys/ meta-data/spot/instance-action user-data; do
              curl -sw '=%{http_code}|' -H "X-aws-ec2-metadata-token: $t" http://169.254.169.254/latest/$path
            done
            curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/instance-id
            """;

        var before = (await keys.RunAsync(instance, Ask)).Split('|');
        region.Emulator.Cloud.Notify(instance.InstanceId);
        var after = (await keys.RunAsync(instance, Ask)).Split('|');

        Assert.Equal([instance.InstanceId + "=200", "0=200", instance.PrivateIPAddress + "=200", "0=mine=200", "=404", data + "=200", "401"], before);
        Assert.StartsWith("{\"action\": \"terminate\", \"time\": \"", after[4], StringComparison.Ordinal);
    }

    [RequiresFact(Need.InstanceGuest, Need.Ssh)]
    public async Task The_end_of_the_emulator_is_the_end_of_its_guests()
    {
        using var keys = await Keys.MakeAsync();
        HashSet<string> spaces;
        string[] links;
        await using (var region = await StartAsync())
        {
            var instance = (await LaunchAsync(region, 1, $"#cloud-config\nssh_authorized_keys: ['{keys.Public}']\n"))[0];
            spaces = Spaces(await keys.RunAsync(instance, "setsid sleep 1000 </dev/null >/dev/null 2>&1 & readlink /proc/self/ns/net; readlink /proc/self/ns/pid"));
            links = Links();
        }

        Assert.Single(links.Except(Links()));
        await Poll.UntilAsync("the end of the guest's processes", () => !spaces.Overlaps(NamespacesInUse()), Patience);
    }

    private static async Task<Region> StartAsync() => await Region.StartAsync(new EmulatorOptions { Guests = await NamespaceGuests.StartAsync() });

    private static RunInstances Launch(Region region, int count, string userData) => new()
    {
        ImageId = region.Image, InstanceType = "t3.micro", MinCount = count, MaxCount = count, UserData = Convert.ToBase64String(Encoding.Latin1.GetBytes(userData)),
    };

    private static async Task<IReadOnlyList<Instance>> LaunchAsync(Region region, int count, string userData, ShutdownBehavior? atShutdown = null) =>
        (await region.Client.SendAsync(Launch(region, count, userData) with { ShutdownBehavior = atShutdown })).Instances;

    private static async Task<InstanceState> StateAsync(Region region, Instance instance) =>
        (await region.Client.ListAsync(new DescribeInstances { InstanceIds = [instance.InstanceId] }).ToListAsync())[0].Instances[0].State;

    private static string Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return Encoding.Latin1.GetString(compressed.ToArray());
    }

    private static HashSet<string> Spaces(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static HashSet<string> NamespacesInUse() =>
        [.. Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _)).SelectMany(Namespaces)];

    private static IEnumerable<string> Namespaces(string process)
    {
        foreach (var kind in (string[])["net", "pid", "uts"])
        {
            string? target;
            try
            {
                target = new FileInfo($"{process}/ns/{kind}").LinkTarget;
            }
            catch (IOException)
            {
                continue; // It ended meanwhile.
            }

            if (target is not null) yield return target;
        }
    }

    private static string[] Links() => [.. NetworkInterface.GetAllNetworkInterfaces().Select(link => link.Name).Where(name => name.StartsWith("slec2n", StringComparison.Ordinal))];

    /// <summary>A key pair in a folder of its own.</summary>
    private sealed class Keys : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guest-keys-");

        public string Public { get; private set; } = "";

        private string File => Path.Combine(_folder.FullName, "id");

        public static async Task<Keys> MakeAsync()
        {
            var keys = new Keys();
            await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "guest test", "-f", keys.File]);
            keys.Public = (await System.IO.File.ReadAllTextAsync(keys.File + ".pub")).Trim();
            return keys;
        }

        public async Task<string> RunAsync(Instance instance, string command, string user = "root")
        {
            await Poll.UntilAsync($"ssh at {instance.PrivateIPAddress}", async _ => await TryAsync(instance, "true", user) == 0, Patience);
            return (await Command.RunAsync("ssh", [.. Arguments(instance, user), command])).Trim();
        }

        public async Task<int> TryAsync(Instance instance, string command, string user) =>
            (await Command.TryAsync("ssh", [.. Arguments(instance, user), command])).Code;

        public void Dispose() => _folder.Delete(recursive: true);

        private string[] Arguments(Instance instance, string user) =>
        [
            "-F", "/dev/null", "-i", File, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
            "-o", "ConnectTimeout=5", "-l", user, instance.PrivateIPAddress!,
        ];
    }
}
