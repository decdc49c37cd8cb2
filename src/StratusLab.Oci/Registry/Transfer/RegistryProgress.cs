namespace StratusLab.Oci;

/// <summary>How far a transfer is.</summary>
/// <param name="Done">Bytes that are where they should be, also those that were there before.</param>
/// <param name="Total">Bytes in all.</param>
/// <param name="BytesPerSecond">What moves in a second at present.</param>
/// <param name="TimeLeft">How long the rest takes at that rate; null while nothing moves.</param>
public readonly record struct RegistryProgress(long Done, long Total, double BytesPerSecond, TimeSpan? TimeLeft);
