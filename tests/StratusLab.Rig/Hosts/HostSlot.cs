using System.Globalization;

namespace StratusLab.Rig.Hosts;

/// <summary>A number that no other host of the rig on this machine has, and what follows from it: folder, link and addresses.</summary>
internal sealed class HostSlot : IDisposable
{
    private readonly NumberedFolder _place = NumberedFolder.Take("stratuslab-rig", 100);

    private HostSlot()
    {
    }

    public int Number => _place.Number;

    public string Folder => _place.Path;

    public string Link => Text($"slrig{Number}");

    /// <summary>198.18.0.0/15 is set aside for test networks (RFC 2544).</summary>
    public string OutsideAddress => Text($"198.18.{Number}.1");

    public string HostAddress => Text($"198.18.{Number}.2");

    public string GuestPrefix => Text($"198.19.{Number}");

    /// <summary>Two addresses of a link between this host and the one with a higher number.</summary>
    public (string Mine, string Theirs) LinkTo(HostSlot other) =>
        (Text($"198.18.{Number}.{100 + (other.Number - Number) % 50 * 2}"), Text($"198.18.{Number}.{101 + (other.Number - Number) % 50 * 2}"));

    public static HostSlot Take() => new();

    public void Dispose() => _place.Dispose();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
