namespace StratusLab.Core;

/// <summary>How far a transfer is.</summary>
/// <param name="Host">Where it goes to or comes from: a host, the local store, a marketplace.</param>
/// <param name="Name">What is sent.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all.</param>
/// <param name="BytesPerSecond">What moves in a second at present; zero where that is not known.</param>
/// <param name="TimeLeft">How long the rest takes at that rate; null where that is not known.</param>
public readonly record struct TransferProgress(string Host, string Name, ByteSize Done, ByteSize Total, double BytesPerSecond = 0, TimeSpan? TimeLeft = null);
