using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Rig;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>
/// Guests made of namespaces of this machine, with a real sshd in each, on a bridge in a network of their own that is routed from this machine.
/// All of it ends with <see cref="DisposeAsync"/>, and also when this process is killed. Needs root.
/// </summary>
public sealed class NamespaceGuests : IInstanceGuests
{
    // Enough to keep two processors busy; more at once only delays the first.
    private const int StartsAtOnce = 4;

    private readonly NumberedFolder _place;
    private readonly Process _first;
    private readonly SemaphoreSlim _starts = new(StartsAtOnce);

    private NamespaceGuests(NumberedFolder place, Process first) => (_place, _first) = (place, first);

    /// <inheritdoc/>
    public string AddressPrefix => PrefixOf(_place);

    /// <summary>The address of this machine as guests see it.</summary>
    public string OutsideAddress => Text($"198.18.{200 + _place.Number}.1");

    /// <summary>Starts the network of the guests.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message holds what was said.</exception>
    public static async Task<NamespaceGuests> StartAsync(CancellationToken cancellationToken = default)
    {
        var place = NumberedFolder.Take("stratuslab-ec2", 8);
        NamespaceGuests? guests = null;
        try
        {
            var first = GuestProcess.Start(
                "unshare", ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "--", "bash", GuestProcess.Script("network.sh"), place.Path, PrefixOf(place)]);
            guests = new NamespaceGuests(place, first);
            await GuestProcess.IsUpAsync(first, cancellationToken);
            await guests.ConnectAsync(cancellationToken);
            return guests;
        }
        catch
        {
            if (guests is null) place.Dispose();
            else await guests.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Socket Bind(IPEndPoint endpoint) => NetworkNamespace.Bind(_first.Id, endpoint);

    /// <inheritdoc/>
    public IInstanceGuest Create(EmulatedInstance instance) => new NamespaceGuest(_first.Id, _place.Path, instance, _starts);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await GuestProcess.EndAsync(_first);
        await Command.TryAsync("ip", ["link", "delete", Link]);
        _starts.Dispose();
        _place.Dispose();
    }

    private string Link => Text($"slec2n{_place.Number}");

    private string InsideAddress => Text($"198.18.{200 + _place.Number}.2");

    // From the top of 172.16.0.0/12, since container engines take theirs from its beginning.
    private static string PrefixOf(NumberedFolder place) => Text($"172.{31 - place.Number}");

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // The kernel removes a killed run's link only some time after its namespace.
        await Command.TryAsync("ip", ["link", "delete", Link], cancel: cancellationToken);
        var id = _first.Id.ToString(CultureInfo.InvariantCulture);
        string[] inside = ["--net=/proc/" + id + "/ns/net", "--", "ip"];
        await Command.RunAsync("ip", ["link", "add", Link, "type", "veth", "peer", "name", "uplink", "netns", id], cancellationToken);
        await Command.RunAsync("ip", ["address", "add", OutsideAddress + "/30", "dev", Link], cancellationToken);
        await Command.RunAsync("ip", ["link", "set", Link, "up"], cancellationToken);
        await Command.RunAsync("nsenter", [.. inside, "address", "add", InsideAddress + "/30", "dev", "uplink"], cancellationToken);
        await Command.RunAsync("nsenter", [.. inside, "link", "set", "uplink", "up"], cancellationToken);
        await Command.RunAsync("nsenter", [.. inside, "route", "add", "default", "via", OutsideAddress], cancellationToken);
        await Command.RunAsync("ip", ["route", "add", AddressPrefix + ".0.0/16", "via", InsideAddress], cancellationToken);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
