using System.Globalization;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Ec2.Emulator.Guests;

namespace StratusLab.Ec2.Emulator;

/// <summary>
/// Runs the emulator as a process: prints where it answers and with which keys, then runs until its standard input ends.
/// A line there is an order, and is answered by one line: <c>calls</c>, <c>instances</c>, or <c>delay ACTION SECONDS</c>.
/// </summary>
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
        while (await Console.In.ReadLineAsync() is { } order)
            Console.WriteLine(Obey(emulator, order.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        return 0;
    }

    private static string Obey(Ec2Emulator emulator, string[] order)
    {
        switch (order)
        {
            case ["calls"]:
                return string.Join(' ', emulator.Calls.GroupBy(call => call.Action).Select(calls => $"{calls.Key}={calls.Count()}"));
            case ["instances"]:
                return $"launched={emulator.Cloud.Launched} alive={emulator.Cloud.Alive}";
            case ["delay", var action, var seconds] when double.TryParse(seconds, CultureInfo.InvariantCulture, out var late):
                emulator.Faults.Add(new Fault { Kind = FaultKind.Delay, Action = action, Delay = TimeSpan.FromSeconds(late) });
                return "ok";
            default:
                return $"Unknown order '{string.Join(' ', order)}'.";
        }
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
