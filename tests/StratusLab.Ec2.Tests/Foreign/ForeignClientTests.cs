using StratusLab.Ec2.Emulator;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Ec2.Tests.Foreign;

/// <summary>Clients that nobody here wrote go through every operation: what they understand, EC2 could have said.</summary>
public sealed class ForeignClientTests
{
    private const string Python = "/usr/bin/python3";

    [RequiresFact(Need.Boto3, Need.Botocore)]
    public async Task Boto3_drives_the_emulator_through_every_operation()
    {
        await using var emulator = await Ec2Emulator.StartAsync();
        Assert.Equal("done", (await Command.RunAsync(Python, [Script("drive_boto3.py"), emulator.Endpoint.AbsoluteUri])).Trim());
        RequireEverything(emulator);
    }

    [RequiresFact(Need.AwsCli, Need.Botocore)]
    public async Task Awscli_drives_the_emulator_through_every_operation()
    {
        await using var emulator = await Ec2Emulator.StartAsync();
        var key = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(key, "ssh-ed25519 AAAA cli@host");
            Assert.Equal("done", (await Command.RunAsync(Python, [Script("drive_awscli.py"), emulator.Endpoint.AbsoluteUri, key])).Trim());
        }
        finally
        {
            File.Delete(key);
        }

        RequireEverything(emulator);
    }

    private static void RequireEverything(Ec2Emulator emulator)
    {
        Assert.Equal(emulator.Actions.Order(), emulator.Calls.Select(call => call.Action).Distinct().Order());
        Assert.Empty(emulator.Violations);
        Assert.Equal(0, emulator.Cloud.Alive);
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Foreign", name);
}
