using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace StratusLab.Oci;

/// <summary>
/// A content on its way in, in a file that outlives the process: the bytes at their places, and behind them how many of each segment
/// have come, written after the bytes themselves, and last the length of a segment. The file is held by one process at a time.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private const int Slot = sizeof(long);

    private readonly FileStream _file;
    private readonly long[] _done;

    private PartialBlob(FileStream file, OciDescriptor blob, int segmentSize)
    {
        _file = file;
        Descriptor = blob;
        SegmentSize = segmentSize;
        _done = new long[(int)((blob.Size + segmentSize - 1) / segmentSize)];
    }

    public OciDescriptor Descriptor { get; }

    public int SegmentSize { get; }

    public int Segments => _done.Length;

    /// <summary>How many bytes have come in all.</summary>
    public long Done => Enumerable.Range(0, Segments).Sum(DoneOf);

    /// <summary>How many bytes have come without a gap from the beginning.</summary>
    public long Contiguous
    {
        get
        {
            var length = 0L;
            for (var segment = 0; segment < Segments; segment++)
            {
                length += DoneOf(segment);
                if (DoneOf(segment) < LengthOf(segment)) break;
            }

            return length;
        }
    }

    /// <summary>Opens what an earlier attempt left, or begins anew; null while another process has it.</summary>
    public static PartialBlob? TryOpen(string folder, OciDescriptor blob, int segmentSize)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(folder, blob.Digest);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (FileHold.TryOpen(path, options) is not { } file) return null;
        try
        {
            var partial = new PartialBlob(file, blob, segmentSize);
            partial.Load();
            return partial;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static string PathOf(string folder, OciDigest digest) => Path.Combine(folder, $"{digest.Algorithm}-{digest.Hex}");

    public long DoneOf(int segment) => Volatile.Read(ref _done[segment]);

    public long LengthOf(int segment) => Math.Min(SegmentSize, Descriptor.Size - StartOf(segment));

    public long StartOf(int segment) => (long)segment * SegmentSize;

    /// <summary>Puts the next bytes of a segment in their place. One caller per segment at a time.</summary>
    public void Append(int segment, ReadOnlySpan<byte> bytes)
    {
        var done = DoneOf(segment);
        RandomAccess.Write(Handle, bytes, StartOf(segment) + done);
        Mark(segment, done + bytes.Length);
    }

    /// <summary>Forgets what has come.</summary>
    public void Clear() => Begin();

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(Handle, buffer, offset);

    /// <summary>Makes a staged content of the file, which is then what the descriptor says to its last byte.</summary>
    public OciStagedBlob Complete()
    {
        RandomAccess.SetLength(Handle, Descriptor.Size);
        RandomAccess.FlushToDisk(Handle);
        return new OciStagedBlob(_file, Descriptor);
    }

    public void Dispose() => _file.Dispose();

    private SafeFileHandle Handle => _file.SafeFileHandle;

    private long FileLength => Descriptor.Size + ((Segments + 1L) * Slot);

    private void Load()
    {
        if (_file.Length == Descriptor.Size)
        {
            // Complete, and its process ended before it got its name.
            for (var segment = 0; segment < Segments; segment++) _done[segment] = LengthOf(segment);
            return;
        }

        // Cut into other segments, or never begun.
        if (_file.Length != FileLength)
        {
            Begin();
            return;
        }

        var slots = new byte[(Segments + 1) * Slot];
        RandomAccess.Read(Handle, slots, Descriptor.Size);
        if (BinaryPrimitives.ReadInt64LittleEndian(slots.AsSpan(Segments * Slot)) != SegmentSize)
        {
            Begin();
            return;
        }

        for (var segment = 0; segment < Segments; segment++)
        {
            var done = BinaryPrimitives.ReadInt64LittleEndian(slots.AsSpan(segment * Slot));
            if (done >= 0 && done <= LengthOf(segment)) _done[segment] = done;
        }
    }

    private void Begin()
    {
        Array.Clear(_done);
        RandomAccess.SetLength(Handle, 0);
        RandomAccess.SetLength(Handle, FileLength);
        Write(Segments, SegmentSize);
    }

    private void Mark(int segment, long done)
    {
        Write(segment, done);
        Volatile.Write(ref _done[segment], done);
    }

    private void Write(int slot, long value)
    {
        Span<byte> bytes = stackalloc byte[Slot];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        RandomAccess.Write(Handle, bytes, Descriptor.Size + ((long)slot * Slot));
    }
}
