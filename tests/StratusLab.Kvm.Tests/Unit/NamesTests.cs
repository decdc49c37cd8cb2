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
    public void The_mark_tells_the_digest()
    {
        var names = ImageNames.Of("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        Assert.Equal(names.Digest, ImageNames.FromMark(names.Mark)?.Digest);
        Assert.Null(ImageNames.FromMark(names.Base(DiskFormat.Qcow2)));
    }

    [Fact]
    public void Generations_of_an_image_have_names_of_their_own_and_no_other_volume_is_one()
    {
        var first = ImageNames.Of("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        var second = first.Next();
        Assert.NotEqual(first.Mark, second.Mark);
        Assert.Equal(second, ImageNames.FromMark(second.Mark));
        Assert.Equal(second, ImageNames.FromBase(second.Base(DiskFormat.Raw)));
        Assert.Equal(first, ImageNames.FromBase(first.Base(DiskFormat.Qcow2)));
        foreach (var other in new[] { "-0", "-01", "-", "--1", "- 1", "-1x", "1", "-99999999999" })
            Assert.Null(ImageNames.FromMark(first.Mark.Replace(".ok", other + ".ok", StringComparison.Ordinal)));
    }
}
