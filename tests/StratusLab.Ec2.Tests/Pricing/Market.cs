using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Pricing;
using StratusLab.Ec2.Types;

namespace StratusLab.Ec2.Tests.Pricing;

/// <summary>An emulated region with its offers.</summary>
internal sealed class Market : IAsyncDisposable
{
    private readonly Region _region;
    private readonly TypeCatalogue _types;

    private Market(Region region, string? rateFile)
    {
        _region = region;
        _types = new TypeCatalogue(region.Client, Clock);
        Host = new HostDefinition { Name = "aws", Uri = $"ec2://{region.Options.Region}" + (rateFile is null ? "" : $"?rates={Uri.EscapeDataString(rateFile)}") };
        Offers = new OfferBook(Ec2Uri.Parse(Host), region.Client, _types, Clock);
    }

    public ManualClock Clock { get; } = new();

    public HostDefinition Host { get; }

    public Ec2Emulator Emulator => _region.Emulator;

    public IEc2Client Client => _region.Client;

    public OfferBook Offers { get; }

    public static async Task<Market> OpenAsync(string? rateFile = null, string region = "eu-west-1") =>
        new(await Region.StartAsync(new EmulatorOptions { Region = region }), rateFile);

    public int Calls(string action) => Emulator.Calls.Count(call => call.Action == action);

    public async ValueTask DisposeAsync()
    {
        Offers.Dispose();
        _types.Dispose();
        await _region.DisposeAsync();
    }
}
