using StratusLab.Core;
using Xunit;

namespace StratusLab.Kvm.Tests;

public sealed class NamesTests
{
    [Fact]
    public void A_name_based_guid_is_the_one_of_the_standard() =>
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), NameBasedGuid.Create(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    [Fact]
    public void An_attempt_owns_its_volumes_and_no_others()
    {
        var vm = VmNames.Of(Guid.NewGuid()).Uuid;
        var names = VolumeNames.New(vm);
        Assert.All(names.All, v => Assert.True(names.Owns(v)));
        Assert.True(names.Owns(names.ConsoleLog + ".0"));
        Assert.False(names.Owns(names.ConsoleLog + ".bak"));
        Assert.False(names.Owns(names.ConsoleLog + "."));
        Assert.False(names.Owns(VolumeNames.New(vm).Disk));
        Assert.False(names.Owns(names.Disk + "x"));
        Assert.False(names.Owns($"stratus-{vm:D}"));
    }

    [Fact]
    public void A_volume_tells_whose_it_is()
    {
        var names = VolumeNames.New(Guid.NewGuid());
        Assert.All([.. names.All, names.ConsoleLog + ".12"], v => Assert.Equal(names, VolumeNames.Of(v)));
    }

    [Theory]
    [InlineData("stratus-image-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.qcow2")]
    [InlineData("stratus-6f1c1a2e-0000-4000-8000-000000000001.qcow2")]
    [InlineData("stratus-6f1c1a2e-0000-4000-8000-000000000001-0123abcd")]
    [InlineData("stratus-6f1c1a2e-0000-4000-8000-000000000001-0123ABCD.qcow2")]
    [InlineData("stratus-6f1c1a2e-0000-4000-8000-000000000001-0123abcd.qcow2.bak")]
    [InlineData("stratus-6f1c1a2e-0000-4000-8000-000000000001_0123abcd.qcow2")]
    [InlineData("6f1c1a2e-0000-4000-8000-000000000001-0123abcd.qcow2")]
    [InlineData("")]
    public void What_is_named_otherwise_is_no_vms(string volume) => Assert.Null(VolumeNames.Of(volume));

    [Fact]
    public void Addresses_of_interfaces_differ_are_local_and_do_not_change()
    {
        var names = VmNames.Of(new Guid("6f1c1a2e-0000-4000-8000-000000000001"));
        var addresses = Enumerable.Range(0, 4).Select(names.HardwareAddress).ToList();
        Assert.Equal(4, addresses.Distinct(StringComparer.Ordinal).Count());
        Assert.All(addresses, a => Assert.Matches("^52(:[0-9a-f]{2}){5}$", a));
        Assert.Equal(addresses[0], names.HardwareAddress(0));
    }

    [Theory]
    [InlineData("sha256:ABCDEF6789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("sha256:../../../etc/passwd")]
    [InlineData("md5:0123")]
    [InlineData("")]
    public void What_is_no_digest_names_no_volume(string digest) => Assert.Throws<InvalidInputException>(() => ImageNames.Of(digest));

    [Fact]
    public void The_mark_tells_the_digest_and_what_was_verified()
    {
        var names = ImageNames.Of("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        var stamp = ImageStamp.Of(5_000_000, "1795388416.042635259");
        Assert.Equal(new ImageMark(names.Mark(stamp), names, stamp), ImageNames.FromMark(names.Mark(stamp)));
        Assert.Equal(new ImageMark(names.Next().Mark(stamp), names.Next(), stamp), ImageNames.FromMark(names.Next().Mark(stamp)));
        Assert.Null(ImageNames.FromMark(names.Base(DiskFormat.Qcow2)));
        Assert.Null(ImageNames.FromBase(names.Mark(stamp)));
    }

    [Fact]
    public void A_mark_of_an_earlier_version_has_no_stamp()
    {
        var names = ImageNames.Of("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        var volume = names.Base(DiskFormat.Raw).Replace(".raw", ".ok", StringComparison.Ordinal);
        Assert.Equal(new ImageMark(volume, names, null), ImageNames.FromMark(volume));
    }

    [Theory]
    [InlineData(".5-.ok")]
    [InlineData(".-5.ok")]
    [InlineData(".5-1,5.ok")]
    [InlineData(".5-1/5.ok")]
    [InlineData(".5.ok")]
    [InlineData("..ok")]
    [InlineData(".5-1.5-1.ok")]
    [InlineData(".5-1.5.OK")]
    public void What_has_no_stamp_where_one_belongs_is_no_mark(string end) =>
        Assert.Null(ImageNames.FromMark("stratus-image-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" + end));

    [Fact]
    public void Generations_of_an_image_have_names_of_their_own_and_no_other_volume_is_one()
    {
        var first = ImageNames.Of("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        var second = first.Next();
        var stamp = ImageStamp.Of(5, null);
        Assert.NotEqual(first.Mark(stamp), second.Mark(stamp));
        Assert.Equal(second, ImageNames.FromMark(second.Mark(stamp))?.Names);
        Assert.Equal(second, ImageNames.FromRetired(second.Retired));
        Assert.Equal(first.UseRecord, second.UseRecord);
        Assert.Equal(second, ImageNames.FromBase(second.Base(DiskFormat.Raw)));
        Assert.Equal(first, ImageNames.FromBase(first.Base(DiskFormat.Qcow2)));
        foreach (var other in new[] { "-0", "-01", "-", "--1", "- 1", "-1x", "1", "-99999999999" })
            Assert.Null(ImageNames.FromRetired(first.Retired.Replace(".retired", other + ".retired", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_stamp_is_the_same_in_the_name_and_from_the_host_and_tells_the_time()
    {
        var xml = "<volume type='file'><name>x</name><capacity unit='bytes'>10</capacity><allocation>5</allocation><physical>7</physical>"
            + "<target><path>/x</path><timestamps><atime>1.1</atime><mtime>1795388416.042635259</mtime><ctime>9</ctime></timestamps></target>"
            + "<backingStore><path>/y</path><timestamps><mtime>3</mtime></timestamps></backingStore></volume>";
        var stamp = VolumeXml.Stamp(xml);
        Assert.Equal(new ImageStamp(7, "1795388416.042635259"), stamp);
        Assert.Equal(stamp, ImageStamp.Parse(stamp.ToString()));
        Assert.Equal(1795388416042, stamp.ModifiedAt?.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_pool_that_tells_no_times_gives_a_stamp_that_says_so()
    {
        var stamp = VolumeXml.Stamp("<volume><name>x</name><capacity>10</capacity><target><path>/dev/x</path></target></volume>");
        Assert.Equal(new ImageStamp(10, "0"), stamp);
        Assert.Null(stamp.ModifiedAt);
        Assert.Equal(stamp, ImageStamp.Parse(stamp.ToString()));
        Assert.Throws<HostProtocolException>(() => VolumeXml.Stamp("<volume><name>x</name></volume>"));
    }
}
