using System.Runtime.CompilerServices;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Tests.Client;

namespace StratusLab.Ec2.Tests;

/// <summary>An emulated region with our client in front of it.</summary>
internal sealed class Region : IAsyncDisposable
{
    private Region(Ec2Emulator emulator, Ec2ClientOptions options)
    {
        Emulator = emulator;
        Options = options;
        Client = new Ec2Client(options, TimeProvider.System);
    }

    public Ec2Emulator Emulator { get; }

    public Ec2ClientOptions Options { get; }

    public IEc2Client Client { get; }

    public string Image => Emulator.Cloud.Images[0].Id;

    public static async Task<Region> StartAsync(EmulatorOptions? options = null, Func<Ec2ClientOptions, Ec2ClientOptions>? change = null)
    {
        options ??= new EmulatorOptions();
        var emulator = await Ec2Emulator.StartAsync(options);
        var client = new Ec2ClientOptions { HostName = "aws", Region = options.Region, Endpoint = emulator.Endpoint };
        return new Region(emulator, change?.Invoke(client) ?? client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
    }

    // The SDK's own credential chain is what the client is to use, so the keys come the way that users give them.
    [ModuleInitializer]
    internal static void GiveKeys()
    {
        var keys = new EmulatorOptions();
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", keys.AccessKeyId);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey);
        Environment.SetEnvironmentVariable("AWS_SESSION_TOKEN", null);
        Environment.SetEnvironmentVariable("AWS_PROFILE", null);
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL", null);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");

        // The SDK looks for the file's place once.
        var profiles = Path.Combine(AppContext.BaseDirectory, "profiles");
        File.WriteAllText(profiles, Profiles.Text);
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", profiles);
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    }
}
