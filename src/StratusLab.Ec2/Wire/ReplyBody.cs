using System.Buffers;

namespace StratusLab.Ec2.Wire;

/// <summary>One whole answer, in memory lent by a pool. An answer is a page, so its size has a limit.</summary>
internal sealed class ReplyBody : IDisposable
{
    private byte[] _buffer;

    private ReplyBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public Stream OpenRead() => new MemoryStream(_buffer, 0, Length, writable: false);

    /// <summary>Reads to the end.</summary>
    /// <exception cref="ReplyLostException">The connection ended first.</exception>
    /// <exception cref="ReplyRejectedException">It is larger than <see cref="Ec2XmlReader.MaxLength"/>.</exception>
    public static async Task<ReplyBody> ReadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        var length = 0;
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += count;
                if (length > Ec2XmlReader.MaxLength) throw new ReplyRejectedException($"it is longer than {Ec2XmlReader.MaxLength} bytes");
                if (length < buffer.Length) continue;
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return new ReplyBody(buffer, length);
        }
        catch (Exception e)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (e is IOException or HttpRequestException) throw new ReplyLostException("The connection ended within the answer.", e);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }
}
