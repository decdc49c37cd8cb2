namespace StratusLab.Libvirt;

/// <summary>Which part of a volume is transferred, and how.</summary>
public sealed record VolumeTransferOptions
{
    /// <summary>First byte within the volume. Default: 0.</summary>
    public ulong Offset { get; init; }

    /// <summary>Number of bytes; 0 for all to the end. Default: 0.</summary>
    public ulong Length { get; init; }

    /// <summary>
    /// Whether runs of zeros travel as holes and become holes (<c>VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM</c>). An upload then cuts a
    /// file volume off at each hole before it goes on, so use it for whole volumes only. Default: false.
    /// </summary>
    public bool Sparse { get; init; }

    /// <summary>Told the number of bytes transferred so far, holes included.</summary>
    public IProgress<long>? Progress { get; init; }
}
