namespace StratusLab.Oci.Tests;

public sealed class CredentialFileTests : IDisposable
{
    private const string Secret = "hunter-2-secret";

    private readonly string _folder = Directory.CreateTempSubdirectory("oci-credentials-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("reg.example.org", """{"auths":{"reg.example.org":{"auth":"AUTH"}}}""")]
    [InlineData("reg.example.org:5000", """{"auths":{"other":{},"reg.example.org:5000":{"auth":"AUTH"}}}""")]
    [InlineData("reg.example.org", """{"auths":{"https://reg.example.org/v1/":{"auth":"AUTH"}}}""")]
    [InlineData("docker.io", """{"auths":{"https://index.docker.io/v1/":{"auth":"AUTH"}}}""")]
    [InlineData("reg.example.org", """{"auths":{"reg.example.org":{"username":"me","password":"hunter-2-secret"}},"psFormat":"x"}""")]
    public async Task A_login_is_found(string registry, string json)
    {
        var auth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"me:{Secret}"));
        var credential = await FindAsync(registry, json.Replace("AUTH", auth, StringComparison.Ordinal));

        Assert.Equal("me", credential!.UserName);
        Assert.Equal("me", credential.ToString());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"auths":{}}""")]
    [InlineData("""{"auths":{"reg.example.org":{}}}""")]
    [InlineData("""{"auths":{"reg.example.org.evil.org":{"auth":"bWU6eA=="}}}""")]
    public async Task A_login_for_others_is_none(string json) => Assert.Null(await FindAsync("reg.example.org", json));

    [Fact]
    public async Task An_identity_token_has_no_user()
    {
        var credential = await FindAsync("reg.example.org", """{"auths":{"reg.example.org":{"identitytoken":"hunter-2-secret"}}}""");

        Assert.Null(credential!.UserName);
        Assert.DoesNotContain(Secret, credential.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"auths":{"reg.example.org":{"auth":"hunter-2-secret""")]
    [InlineData("""{"auths":{"reg.example.org":{"auth":"hunter-2-secret"}}}""")]
    [InlineData("""{"auths":["hunter-2-secret"]}""")]
    public async Task A_broken_file_is_named_and_its_secrets_are_not(string json)
    {
        var error = await Assert.ThrowsAsync<RegistryException>(() => FindAsync("reg.example.org", json));

        Assert.Contains("auth.json", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"credHelpers":{"reg.example.org":"HELPER"}}""", "echo '{\"Username\":\"me\",\"Secret\":\"x\"}'", "me")]
    [InlineData("""{"credsStore":"HELPER"}""", "read name; echo \"{\\\"Username\\\":\\\"$name\\\",\\\"Secret\\\":\\\"x\\\"}\"", "reg.example.org")]
    [InlineData("""{"credsStore":"HELPER","auths":{"reg.example.org":{}}}""", "echo \"{\\\"Username\\\":\\\"$1\\\",\\\"Secret\\\":\\\"x\\\"}\"", "get")]
    [InlineData("""{"credsStore":"HELPER"}""", "echo 'credentials not found in native keychain'; exit 1", null)]
    [InlineData("""{"credsStore":"HELPER"}""", "echo '{\"Username\":\"<token>\",\"Secret\":\"x\"}'", "identity token")]
    public async Task A_helper_is_asked(string json, string script, string? user)
    {
        if (OperatingSystem.IsWindows()) return;
        var name = $"rig-{Guid.NewGuid():N}";
        var path = Path.Combine(_folder, $"docker-credential-{name}");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:{_folder}");

        var credential = await FindAsync("reg.example.org", json.Replace("HELPER", name, StringComparison.Ordinal));

        Assert.Equal(user, credential?.ToString());
    }

    [Theory]
    [InlineData("not-installed-anywhere")]
    [InlineData("../../bin/sh")]
    public async Task A_helper_that_cannot_be_asked_is_named(string helper)
    {
        var error = await Assert.ThrowsAsync<RegistryException>(() => FindAsync("reg.example.org", $$"""{"credsStore":"{{helper}}"}"""));

        Assert.Contains(helper, error.Message, StringComparison.Ordinal);
    }

    private async Task<RegistryCredential?> FindAsync(string registry, string json)
    {
        var path = Path.Combine(_folder, "auth.json");
        await File.WriteAllTextAsync(path, json);
        return await new CredentialFiles([path]).FindAsync(registry);
    }
}
