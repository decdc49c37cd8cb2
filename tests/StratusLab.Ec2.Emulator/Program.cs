using System.Globalization;
using StratusLab.Ec2.Emulator.Guests;

namespace StratusLab.Ec2.Emulator;

/// <summary>Runs the emulator as a process: prints where it answers and with which keys, then runs until its standard input ends.</summary>
internal static class Program
{
    private const string Usage = "StratusLab.Ec2.Emulator [--region NAME] [--port N] [--state-change SECONDS] [--lag SECONDS] [--throttling] [--guests] [--seed N]";

    public static async Task<int> Main(string[] args)
    {
        EmulatorOptions options;
        try
        {
            options = Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}");
            return 2;
        }

        if (args.Contains("--guests", StringComparer.Ordinal)) options = options with { Guests = await NamespaceGuests.StartAsync() };
        await using var emulator = await Ec2Emulator.StartAsync(options);
        Console.WriteLine($"endpoint={emulator.Endpoint}");
        Console.WriteLine($"AWS_ACCESS_KEY_ID={options.AccessKeyId}");
        Console.WriteLine($"AWS_SECRET_ACCESS_KEY={options.SecretAccessKey}");
        Console.WriteLine($"AWS_DEFAULT_REGION={options.Region}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            // What is written here has no meaning; the end has.
        }

        return 0;
    }

    private static EmulatorOptions Parse(string[] args)
    {
        var options = new EmulatorOptions();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--throttling" => options with { Throttling = true },
                "--guests" => options,
                "--region" => options with { Region = Value() },
                "--port" => options with { Port = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--seed" => options with { Seed = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--state-change" => options with { StateChange = Seconds() },
                "--lag" => options with { DescribeLag = Seconds() },
                _ => throw new FormatException($"Unknown option '{name}'."),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new FormatException($"Option '{name}' lacks its value.");
            TimeSpan Seconds() => TimeSpan.FromSeconds(double.Parse(Value(), CultureInfo.InvariantCulture));
        }

        return options;
    }
}
