using System.Buffers.Binary;
using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Benchmarks;

/// <summary>A raw disk without holes, made while it is read: every block is the same random bytes and its number.</summary>
internal sealed class SyntheticImage : ImageContent
{
    private const int BlockLength = 1 << 20;
    private readonly byte[] _block;

    private SyntheticImage(byte[] block, ImageDescriptor descriptor)
    {
        _block = block;
        Descriptor = descriptor;
    }

    public override ImageDescriptor Descriptor { get; }

    public static async Task<SyntheticImage> MakeAsync(long length)
    {
        var block = RandomNumberGenerator.GetBytes(BlockLength);
        await using var disk = new BlockStream(block, length);
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(disk))}";
        return new SyntheticImage(block, new ImageDescriptor
        {
            Name = "synthetic",
            Version = "1",
            Digest = digest,
            DiskDigest = digest,
            DiskLength = length,
            Format = DiskFormat.Raw,
            VirtualSize = new ByteSize(length),
        });
    }

    public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default) => Task.FromResult<Stream>(new BlockStream(_block, Descriptor.DiskLength));

    private sealed class BlockStream(byte[] pattern, long length) : Stream
    {
        private readonly byte[] _block = [.. pattern];
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var within = (int)(_position % BlockLength);
            if (within == 0) BinaryPrimitives.WriteInt64LittleEndian(_block, _position);
            var count = (int)Math.Min(Math.Min(buffer.Length, BlockLength - within), length - _position);
            _block.AsSpan(within, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
