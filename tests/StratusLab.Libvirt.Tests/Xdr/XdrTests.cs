using StratusLab.Libvirt.Xdr;
using Xunit;

namespace StratusLab.Libvirt.Tests.Xdr;

public sealed class XdrTests
{
    private static readonly Guid Uuid = Guid.Parse("4dea22b3-1d52-d8f3-2516-782e98ab3fa0");

    [Fact]
    public void Values_are_written_as_RFC_4506_says()
    {
        var writer = new XdrWriter(0).Int32(-2).UInt64(1).String("abcde").OptionalString(null).OptionalString("").Uuid(Uuid).Double(1.5);
        Assert.Equal(
            "FFFFFFFE" + "0000000000000001" + "00000005" + "6162636465000000" + "00000000" + "00000001" + "00000000" + "4DEA22B31D52D8F32516782E98AB3FA0" + "3FF8000000000000",
            Convert.ToHexString(writer.Payload));
    }

    [Fact]
    public void Values_read_back_and_every_shorter_message_is_refused()
    {
        var writer = new XdrWriter().Int32(-2).UInt64(ulong.MaxValue).String("grüße").OptionalString("x").Uuid(Uuid).Double(-0.25).List([1, 2, 3], 3, (w, v) => w.Int32(v));
        var bytes = writer.Payload.ToArray();
        Assert.Equal((-2, ulong.MaxValue, "grüße", "x", Uuid, -0.25, 3), ReadAll(bytes));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<LibvirtProtocolException>(() => ReadAll(bytes[..length]));
        Assert.Throws<LibvirtProtocolException>(() => ReadAll([.. bytes, 0]));
    }

    [Fact]
    public void Count_that_cannot_fit_is_refused_before_anything_is_allocated()
    {
        var bytes = new XdrWriter().UInt32(16_000).UInt32(0).Payload.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<LibvirtProtocolException>(() => Read(bytes, static (ref r) => r.ReadList(16_384, 24, DomainCodec.Read).Length));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000);
    }

    [Fact]
    public void Length_above_the_protocols_maximum_is_refused_although_the_bytes_are_there()
    {
        var bytes = new byte[64];
        bytes[3] = 40;
        Assert.Throws<LibvirtProtocolException>(() => Read(bytes, static (ref r) => r.ReadOpaque(39).Length));
        Assert.Equal(40, Read(bytes[..44], static (ref r) => r.ReadOpaque(40).Length));
    }

    [Fact]
    public void Optional_value_marked_with_other_than_0_or_1_is_refused() =>
        Assert.Throws<LibvirtProtocolException>(() => Read([0, 0, 0, 2, 0, 0, 0, 0], static (ref r) => r.ReadOptionalString()));

    [Fact]
    public void Text_that_the_protocol_cannot_carry_is_refused_before_it_is_sent()
    {
        Assert.Throws<ArgumentException>(() => new XdrWriter().String("a\0b"));
        Assert.Throws<ArgumentException>(() => new XdrWriter().String(new string('x', ProtocolLimits.StringMax + 1)));
        var full = new XdrWriter();
        for (var i = 0; i < 7; i++)
            full.String(new string('x', ProtocolLimits.StringMax));
        Assert.Throws<ArgumentException>(() => full.String(new string('x', ProtocolLimits.StringMax)));
    }

    private static (int, ulong, string, string?, Guid, double, int) ReadAll(byte[] bytes) => Read(
        bytes,
        static (ref r) => (r.ReadInt32(), r.ReadUInt64(), r.ReadString(), r.ReadOptionalString(), r.ReadUuid(), r.ReadDouble(), r.ReadList(3, 4, static (ref e) => e.ReadInt32()).Length));

    private static T Read<T>(byte[] bytes, XdrDecoder<T> decoder)
    {
        var reader = new XdrReader(bytes);
        var result = decoder(ref reader);
        reader.EnsureEnd();
        return result;
    }
}
