using StratusLab.Core;
using Xunit;

namespace StratusLab.PowerShell.Tests;

public sealed class PublicKeysTests : IDisposable
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleQ user@site";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stratus-keys-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Key_is_taken_as_it_is() => Assert.Equal([Key], await ReadAsync(Key));

    [Fact]
    public async Task File_is_read_line_by_line_without_comments()
    {
        var file = Write("keys.pub", $"# mine\n{Key}\n\n{Key} again\n");
        Assert.Equal([Key, $"{Key} again"], await ReadAsync(file));
    }

    [Fact]
    public async Task Own_keys_are_the_default()
    {
        Directory.CreateDirectory(Path.Combine(_home.FullName, ".ssh"));
        Write(".ssh/id_ed25519.pub", Key);
        Write(".ssh/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----");
        Assert.Equal([Key], await PublicKeys.ReadAsync(null, _home.FullName, path => path, CancellationToken.None));
    }

    [Fact]
    public async Task User_without_keys_has_none() => Assert.Empty(await PublicKeys.ReadAsync(null, _home.FullName, path => path, CancellationToken.None));

    [Fact]
    public async Task Empty_list_means_no_key() => Assert.Empty(await PublicKeys.ReadAsync([], _home.FullName, path => path, CancellationToken.None));

    [Fact]
    public async Task Private_key_in_a_file_is_refused_by_its_name()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(Write("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nSECRET\n")));
        Assert.Equal("PrivateKeyGiven", error.ErrorId);
        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY----- SECRET")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nSECRET\n-----END OPENSSH PRIVATE KEY-----")]
    public async Task Private_key_given_as_text_is_not_repeated(string text)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(text));
        Assert.Equal("PrivateKeyGiven", error.ErrorId);
        Assert.DoesNotContain("SECRET", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_holds_no_key_is_refused()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(Write("other", "hello")));
        Assert.Equal("InvalidSshKey", error.ErrorId);
    }

    private Task<IReadOnlyList<string>> ReadAsync(string source) => PublicKeys.ReadAsync([source], _home.FullName, path => path, CancellationToken.None);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_home.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
