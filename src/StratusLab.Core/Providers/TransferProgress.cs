namespace StratusLab.Core;

/// <summary>How far a transfer is.</summary>
/// <param name="Host">The host it goes to.</param>
/// <param name="Name">What is sent.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all.</param>
public readonly record struct TransferProgress(string Host, string Name, ByteSize Done, ByteSize Total);
