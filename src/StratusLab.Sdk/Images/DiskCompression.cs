using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Disks that are compressed with gzip (RFC 1952). They are packed and unpacked as a stream, and never past the length that they should have.</summary>
internal static class DiskCompression
{
    private const int BufferSize = 1 << 20;

    /// <summary>How a gzip begins. The third byte is the method: deflate is the only one that there is (RFC 1952, 2.3.1).</summary>
    public static ReadOnlySpan<byte> Magic => [0x1F, 0x8B, 8];

    /// <summary>Whether a file is compressed; leaves it at its beginning.</summary>
    public static async Task<bool> IsCompressedAsync(Stream file, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(file.Length, Magic.Length)];
        file.Position = 0;
        await file.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
        file.Position = 0;
        return head.AsSpan().SequenceEqual(Magic);
    }

    /// <summary>Unpacks a disk beside the layout.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="packed">The compressed bytes.</param>
    /// <param name="length">The length that the disk should have; null where nobody said.</param>
    /// <param name="progress">Told how many compressed bytes are read.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left.</param>
    /// <exception cref="InvalidInputException">It is no whole gzip, or unpacks to another length.</exception>
    public static async Task<OciStagedBlob> UnpackAsync(OciLayout layout, Stream packed, long? length, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var unpacking = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            await using (unpacking.ConfigureAwait(false))
            {
                var bounded = new BoundedStream(unpacking, length ?? long.MaxValue);
                await using (bounded.ConfigureAwait(false))
                {
                    var relay = progress is null ? null : new PositionRelay(progress, packed);
                    var plain = await layout.StageAsync(bounded, ImageMediaTypes.RawDisk, relay, cancellationToken).ConfigureAwait(false);
                    if (await ProblemOfAsync(packed, plain.Descriptor.Size, length, cancellationToken).ConfigureAwait(false) is not { } problem) return plain;
                    plain.Dispose();
                    throw problem;
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw NotWhole(e);
        }
    }

    /// <summary>Compresses a staged disk beside the layout.</summary>
    public static async Task<OciStagedBlob> PackAsync(OciLayout layout, OciStagedBlob plain, string mediaType, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 * BufferSize, resumeWriterThreshold: 2 * BufferSize));
        var packing = Task.Run(() => PackAsync(plain, pipe.Writer, cancellationToken), cancellationToken);
        try
        {
            var packed = pipe.Reader.AsStream();
            await using (packed.ConfigureAwait(false))
            {
                return await layout.StageAsync(packed, mediaType, null, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await packing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What is cut short unpacks without an error to what is there. A gzip ends with the length of what it unpacks to, modulo 2^32.
    private static async Task<InvalidInputException?> ProblemOfAsync(Stream packed, long found, long? length, CancellationToken cancellationToken)
    {
        var end = new byte[sizeof(uint)];
        packed.Position = Math.Max(0, packed.Length - end.Length);
        await packed.ReadExactlyAsync(end, cancellationToken).ConfigureAwait(false);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != unchecked((uint)found)) return NotWhole(null);
        return length is null || length == found ? null : DiskFile.Bad($"it unpacks to {found} bytes, not to {length} as was said");
    }

    private static InvalidInputException NotWhole(Exception? cause) => new(
        "InvalidImageFile", "The file is no whole gzip of one disk: it is damaged, was cut short, or is several in a row. Get it again, or unpack it first (gunzip).", "Path", cause);

    private static async Task PackAsync(OciStagedBlob plain, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            var content = plain.OpenRead();
            var packing = new GZipStream(writer.AsStream(leaveOpen: true), CompressionLevel.Optimal);
            await using (content.ConfigureAwait(false))
            await using (packing.ConfigureAwait(false))
            {
                await content.CopyToAsync(packing, BufferSize, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        await writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    private sealed class PositionRelay(IProgress<long> progress, Stream source) : IProgress<long>
    {
        public void Report(long value) => progress.Report(source.Position);
    }
}
