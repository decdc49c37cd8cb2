namespace StratusLab.Oci.Tests;

public sealed class OciReferenceTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("registry.example.org/images/debian:12", "registry.example.org", "images/debian", "12", null, "12")]
    [InlineData("localhost/debian", "localhost", "debian", null, null, "latest")]
    [InlineData("127.0.0.1:5000/a/b/c", "127.0.0.1:5000", "a/b/c", null, null, "latest")]
    [InlineData("[::1]:5000/a:x", "[::1]:5000", "a", "x", null, "x")]
    [InlineData("r.io/a__b/c-d.e:T_1@" + Digest, "r.io", "a__b/c-d.e", "T_1", Digest, Digest)]
    [InlineData("r.io/a@" + Digest, "r.io", "a", null, Digest, Digest)]
    public void A_reference_has_parts_and_is_written_as_it_was_read(string text, string registry, string repository, string? tag, string? digest, string target)
    {
        var reference = OciReference.Parse(text);

        Assert.Equal((registry, repository, tag, digest, target), (reference.Registry, reference.Repository, reference.Tag, reference.Digest?.ToString(), reference.Target));
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("", "host name")]
    [InlineData("debian:12", "host name")]
    [InlineData("images/debian:12", "host name")]
    [InlineData("r.io/", "repository")]
    [InlineData("r.io/Debian", "repository")]
    [InlineData("r.io/../x", "repository")]
    [InlineData("r.io/a/:x", "repository")]
    [InlineData("r.io/a:", "tag")]
    [InlineData("r.io/a:.x", "tag")]
    [InlineData("r.io/a@sha256:12", "digest")]
    [InlineData("https://r.io/a", "host name")]
    public void What_is_no_reference_is_refused_with_the_part_that_is_wrong(string text, string part)
    {
        var error = Assert.Throws<FormatException>(() => OciReference.Parse(text));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(OciReference.TryParse(text, null, out _));
    }
}
