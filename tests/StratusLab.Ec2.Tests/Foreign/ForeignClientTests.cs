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

    [RequiresFact(Need.Boto3)]
    public async Task Boto3_drives_S3_and_STS()
    {
        await using var emulator = await Ec2Emulator.StartAsync();
        emulator.Cloud.Denials["encoded"] = "{\"allowed\":false}";
        Assert.Equal("done", (await Command.RunAsync(Python, [Script("drive_s3_boto3.py"), emulator.Endpoint.AbsoluteUri])).Trim());
        Assert.Empty(emulator.Cloud.Store.Buckets);
    }

    [RequiresFact(Need.AwsCli)]
    public async Task Awscli_drives_S3_and_STS()
    {
        await using var emulator = await Ec2Emulator.StartAsync();
        emulator.Cloud.Denials["encoded"] = "{\"allowed\":false}";
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Assert.Equal("done", (await Command.RunAsync(Python, [Script("drive_s3_awscli.py"), emulator.Endpoint.AbsoluteUri, folder.FullName])).Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.Empty(emulator.Cloud.Store.Buckets);
    }

    private static void RequireEverything(Ec2Emulator emulator)
    {
        Assert.Empty(emulator.Actions.Except(emulator.Calls.Select(call => call.Action)));
        Assert.Empty(emulator.Violations);
        Assert.Equal(0, emulator.Cloud.Alive);
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Foreign", name);
}
