using System.Globalization;

namespace StratusLab.Slurm;

/// <summary>
/// What is written into a node's free fields: its lease into <c>Comment</c>, and its instance, before the releases that have a field for it, into <c>Extra</c>.
/// They are two fields so that a lease can be renewed for a thousand nodes by one command. Later releases want JSON in <c>Extra</c> where jobs choose nodes by it.
/// </summary>
internal static class NodeNotes
{
    private const string Instance = "instance=";
    private const string Lease = "stratus-lease=";

    /// <summary>A note that names the instance behind a node.</summary>
    public static string InstanceNote(string id, string? type) => type is null ? Instance + id : $"{Instance}{id};type={type}";

    /// <summary>The instance that a note names; null if it names none.</summary>
    public static string? InstanceOf(string text) =>
        text.Split(';').FirstOrDefault(note => note.StartsWith(Instance, StringComparison.Ordinal)) is { Length: > 9 } note ? note[Instance.Length..] : null;

    /// <summary>The note of a lease that holds until then; <c>stratus-lease</c> reads it in the node.</summary>
    public static string LeaseNote(DateTimeOffset until) => Lease + until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
