using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class InputTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1K0q0n3cQf0E7b2kq7yC1y3m8n0m5s3h1o2k3j4l5m";

    [Theory]
    [InlineData("#cloud-config\nruncmd:\n  - [ls]\n")]
    [InlineData("#cloud-config\r\nhostname: a\r\n")]
    [InlineData("#!/bin/sh\necho ok\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=\"==b==\"\nMIME-Version: 1.0\n\n--==b==\nContent-Type: text/cloud-config\n\na: b\n--==b==--\n")]
    public void Usable_user_data_passes(string text) => UserDataValidation.Validate(text);

    [Theory]
    [InlineData("#cloud-config\na: b\n  c: [\n", 3, "not valid YAML")]
    [InlineData("#cloud-config\n- a\n- b\n", 2, "not a mapping")]
    [InlineData("#cloud-config\n", 1, "no settings")]
    [InlineData("#cloud-config\na: b\n---\nc: d\n", 3, "more than one")]
    [InlineData("#cloud-config\na: \"unfinished\n", null, "not valid YAML")]
    [InlineData("hostname: a\n", 1, "no known kind")]
    [InlineData("", 1, "no known kind")]
    [InlineData("#!/bin/sh\r\necho\r\n", 1, "Windows line ends")]
    [InlineData("#!\necho", 1, "no interpreter")]
    [InlineData("\uFEFF#cloud-config\na: b", 1, "byte order mark")]
    [InlineData("Content-Type: multipart/mixed\n\nx", 1, "no boundary")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\nx", 1, "without a part")]
    public void Unusable_user_data_names_the_line(string text, int? line, string says)
    {
        var error = Assert.Throws<InvalidInputException>(() => UserDataValidation.Validate(text));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal("InvalidUserData", error.ErrorId);
        if (line is not null) Assert.Equal(line, error.Line);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_followed() =>
        Assert.Throws<InvalidInputException>(() => UserDataValidation.Validate("#cloud-config\na: " + new string('[', 200_000)));

    [Fact]
    public void A_public_key_passes_without_its_line_end() => Assert.Equal(Key + " me@home", SshKeyValidation.Validate($"  {Key} me@home\n", 1));

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----", "SshKeyIsPrivate")]
    [InlineData("ssh-ed25519", "InvalidSshKey")]
    [InlineData("ssh-ed25519 c2VjcmV0", "InvalidSshKey")]
    [InlineData("ssh-ed25519 %%%secret", "InvalidSshKey")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3M=", "InvalidSshKey")]
    [InlineData("/home/me/.ssh/secret", "InvalidSshKey")]
    [InlineData(Key + "\n" + Key, "InvalidSshKey")]
    public void What_is_no_public_key_is_refused_and_not_shown(string key, string id)
    {
        var error = Assert.Throws<InvalidInputException>(() => SshKeyValidation.Validate(key, 2));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains("number 2", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2Vj", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("atlas", 20, "atlas-01", "atlas-20")]
    [InlineData("atlas", 3, "atlas-1", "atlas-3")]
    [InlineData("atlas", 1000, "atlas-0001", "atlas-1000")]
    public void Names_are_numbered_and_padded(string name, int count, string first, string last)
    {
        var names = VmNaming.Expand(name, count);
        Assert.Equal((count, first, last), (names.Count, names[0], names[^1]));
    }

    [Fact]
    public void A_name_without_count_is_itself() => Assert.Equal(["atlas"], VmNaming.Expand("atlas", null));

    [Theory]
    [InlineData("InvalidLabel", "a b", "x", null, null)]
    [InlineData("InvalidLabel", "a", "x\n", null, null)]
    [InlineData("InvalidCpu", null, null, 0, null)]
    [InlineData("InvalidMemory", null, null, null, 1L)]
    public async Task What_is_wrong_with_all_vms_throws(string id, string? label, string? value, int? cpu, long? memory)
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1);
        await test.PublishAsync();
        var specification = new VmSpecification
        {
            Image = "tiny",
            Names = ["a"],
            Labels = label is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [label] = value! },
            Cpu = cpu,
            Memory = memory is { } bytes ? new ByteSize(bytes) : null,
        };
        Assert.Equal(id, (await Assert.ThrowsAsync<InvalidInputException>(() => test.Site.Vms.PlanAsync(specification))).ErrorId);
    }

    [Fact]
    public async Task Without_hosts_image_or_size_the_error_says_so()
    {
        await using var test = await TestSite.OpenAsync();
        await test.PublishAsync();
        var specification = new VmSpecification { Image = "tiny", Names = ["a"] };
        async Task<string> ErrorAsync(VmSpecification s) => (await Assert.ThrowsAnyAsync<StratusException>(() => test.Site.Vms.PlanAsync(s))).ErrorId;

        Assert.Equal("NoHosts", await ErrorAsync(specification));
        await test.AddHostsAsync(1);
        Assert.Equal("ImageNotFound", await ErrorAsync(specification with { Image = "other" }));
        Assert.Equal("SizeNotFound", await ErrorAsync(specification with { Size = "other" }));
        Assert.Equal("HostNotFound", await ErrorAsync(specification with { HostNames = ["other"] }));
        Assert.Equal("NoHosts", await ErrorAsync(specification with { HostNames = ["other*"] }));
        Assert.Equal("DiskTooSmall", await ErrorAsync(specification with { Disk = ByteSize.FromMiB(0) + new ByteSize(512) }));
    }
}
