using System.Buffers.Binary;
using StratusLab.Libvirt.Rpc;
using Xunit;

namespace StratusLab.Libvirt.Tests.Rpc;

public sealed class MessageFramerTests
{
    /// <summary>What libvirtd 9.0 answered to connectGetHostname on a host named "node1".</summary>
    private static readonly byte[] Captured = Convert.FromHexString("00000028" + "20008086" + "00000001" + "0000003B" + "00000001" + "00000005" + "00000000" + "00000005" + "6E6F646531000000");

    [Fact]
    public void Message_comes_out_with_its_last_byte_and_not_before()
    {
        for (var missing = 1; missing <= Captured.Length; missing++)
        {
            using var framer = new MessageFramer();
            Feed(framer, Captured.AsSpan(0, Captured.Length - missing));
            Assert.False(framer.TryRead(out _), $"{missing} bytes short");
            Feed(framer, Captured.AsSpan(Captured.Length - missing));
            Assert.True(framer.TryRead(out var message), $"{missing} bytes short, then whole");
            Assert.Equal(new MessageHeader(RemoteProcedure.ConnectGetHostname, MessageType.Reply, 5, MessageStatus.Ok), message.Header);
            Assert.Equal(Captured[28..], message.Payload.ToArray());
            Assert.False(framer.TryRead(out _));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(27)]
    [InlineData(41)]
    [InlineData(100_000)]
    public void Messages_come_out_whole_however_they_are_cut(int size)
    {
        var bytes = Enumerable.Repeat(Captured, 5_000).SelectMany(m => m).ToArray();
        using var framer = new MessageFramer();
        var messages = 0;
        for (var position = 0; position < bytes.Length;)
        {
            framer.ReceiveData(bytes.AsSpan(position, Math.Min(size, bytes.Length - position)), out var consumed);
            position += consumed;
            while (framer.TryRead(out var message))
            {
                Assert.True(message.Payload.SequenceEqual(Captured.AsSpan(28)));
                messages++;
            }
        }

        Assert.Equal(5_000, messages);
        Assert.Equal(0, framer.Buffered);
        Assert.InRange(framer.Capacity, 1, 262_144);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(27u)]
    [InlineData(ProtocolLimits.MessageMax + 5u)]
    [InlineData(uint.MaxValue)]
    public void Length_out_of_bounds_is_refused_with_its_fourth_byte(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        using var framer = new MessageFramer();
        Feed(framer, bytes.AsSpan(0, 3));
        Assert.False(framer.TryRead(out _));
        Feed(framer, bytes.AsSpan(3));
        Assert.Throws<LibvirtProtocolException>(() => framer.TryRead(out _));
    }

    [Theory]
    [InlineData(8, 2u)] // version
    [InlineData(16, 0u)] // a call
    [InlineData(16, 5u)] // a reply with file descriptors
    [InlineData(16, 7u)]
    [InlineData(24, 3u)] // status
    public void Header_that_a_server_cannot_send_is_refused_before_its_payload_comes(int offset, uint value)
    {
        var bytes = Captured.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(offset), value);
        using var framer = new MessageFramer();
        Feed(framer, bytes.AsSpan(0, 27));
        Assert.False(framer.TryRead(out _));
        Feed(framer, bytes.AsSpan(27, 1));
        Assert.Throws<LibvirtProtocolException>(() => framer.TryRead(out _));
    }

    [Fact]
    public void Claimed_length_takes_no_memory_before_its_bytes_arrive()
    {
        var bytes = Captured.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, ProtocolLimits.MessageMax);
        using var framer = new MessageFramer();
        Feed(framer, bytes);
        Assert.False(framer.TryRead(out _));
        Assert.Equal(65_536, framer.Capacity);
        Feed(framer, new byte[200_000]);
        Assert.False(framer.TryRead(out _));
        Assert.InRange(framer.Capacity, 200_000, 524_288);
    }

    [Fact]
    public void Memory_of_a_large_message_is_given_back()
    {
        var bytes = new byte[8_000_000];
        Captured.AsSpan(0, 28).CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        using var framer = new MessageFramer();
        Feed(framer, bytes);
        Assert.True(framer.TryRead(out _));
        Feed(framer, Captured);
        Assert.True(framer.TryRead(out _));
        Assert.Equal(65_536, framer.Capacity);
    }

    private static void Feed(MessageFramer framer, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            framer.ReceiveData(data, out var consumed);
            data = data[consumed..];
        }
    }
}
