using StratusLab.Core;
using Xunit;

namespace StratusLab.PowerShell.Tests;

public sealed class TextSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stratus-text-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("#cloud-config")]
    [InlineData("packages:\n- git\n")]
    public async Task Text_is_taken_as_it_is(string text) => Assert.Equal(text, await ReadAsync(text));

    [Fact]
    public async Task File_is_read()
    {
        var file = Path.Combine(_folder.FullName, "user-data");
        await File.WriteAllTextAsync(file, "#!/bin/sh\n");
        Assert.Equal("#!/bin/sh\n", await ReadAsync(file));
    }

    [Fact]
    public async Task File_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync("/nosuch/user-data"));
        Assert.Equal("FileNotFound", error.ErrorId);
        Assert.Contains("/nosuch/user-data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_no_file_is_not_repeated_because_it_may_hold_a_secret()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync("password: hunter2"));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_file_is_refused_before_it_is_read()
    {
        var file = Path.Combine(_folder.FullName, "large");
        await using (var stream = File.Create(file)) stream.SetLength(2 << 20);
        Assert.Equal("FileTooLarge", (await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(file))).ErrorId);
    }

    private static Task<string> ReadAsync(string text) => TextSource.ReadAsync(text, "UserData", path => path, ["#"], CancellationToken.None);
}
