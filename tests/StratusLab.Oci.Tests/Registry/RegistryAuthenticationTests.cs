using StratusLab.Rig;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Oci.Tests;

public sealed class RegistryAuthenticationTests : IDisposable
{
    private const string Secret = "hunter-2-secret";

    private readonly string _folder = Directory.CreateTempSubdirectory("oci-auth-").FullName;

    public static TheoryData<RegistryAccess, bool> Kinds => new() { { RegistryAccess.Password, true }, { RegistryAccess.Password, false }, { RegistryAccess.Token, false }, { RegistryAccess.Open, true } };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RequiresTheory(Need.Registry)]
    [MemberData(nameof(Kinds))]
    public async Task Who_has_the_password_pushes_and_pulls(RegistryAccess access, bool tls)
    {
        await using var registry = await DockerRegistry.StartAsync(access, tls);
        var known = new Known(RegistryCredential.FromPassword(DockerRegistry.User, DockerRegistry.Password));
        using var client = new RegistryClient(registry.Address, Artifact.Quick with { Credentials = known, Authorities = registry.Authorities });
        var here = await OciLayout.OpenAsync(Path.Combine(_folder, "here"));
        var there = await OciLayout.OpenAsync(Path.Combine(_folder, "there"));
        var image = await Artifact.AddAsync(here, 3 << 20, seed: 1);

        await new RegistryTransfer(client, here).PushAsync(image.Digest, "a/b", "1");
        await new RegistryTransfer(client, here).PushAsync(image.Digest, "a/c", "1", mountFrom: "a/b");
        await new RegistryTransfer(client, there).PullAsync("a/c", "1");

        await Artifact.VerifyAsync(there, image.Digest);
        // Once for each thing that is to be done, however many requests that takes.
        Assert.InRange(known.Asked, access == RegistryAccess.Open ? 0 : 1, 6);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData(RegistryAccess.Password)]
    [InlineData(RegistryAccess.Token)]
    public async Task Who_has_not_is_told_so_and_no_secret_is_said(RegistryAccess access)
    {
        await using var registry = await DockerRegistry.StartAsync(access);
        foreach (var credential in new[] { null, RegistryCredential.FromPassword("somebody", Secret) })
        {
            using var client = new RegistryClient(registry.Address, Artifact.Quick with { Credentials = new Known(credential) });
            var here = await OciLayout.OpenAsync(Path.Combine(_folder, "here"));
            var image = await Artifact.AddAsync(here, 100, seed: 2);

            var error = await Assert.ThrowsAsync<RegistryException>(() => new RegistryTransfer(client, here).PushAsync(image.Digest, "a/b", "1"));

            Assert.Contains(error.Kind, new[] { RegistryErrorKind.Unauthorized, RegistryErrorKind.Denied });
            Assert.Contains(registry.Address, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
            if (credential is not null) Assert.Contains("somebody", error.Message, StringComparison.Ordinal);
        }
    }

    [RequiresFact(Need.Registry)]
    public async Task To_wait_for_a_credential_and_for_one_s_turn_to_ask_is_not_to_stand_still()
    {
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Password);
        var options = Artifact.Quick with
        {
            Credentials = new Slow(RegistryCredential.FromPassword(DockerRegistry.User, DockerRegistry.Password), TimeSpan.FromSeconds(1.5)),
            ProgressTimeout = TimeSpan.FromSeconds(2),
        };
        using var client = new RegistryClient(registry.Address, options);

        var found = await Task.WhenAll(new[] { "a/b", "a/c", "a/d", "a/e" }.Select(repository => client.ResolveAsync(repository, "1")));

        Assert.All(found, Assert.Null);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Password, tls: true);
        var known = new Known(RegistryCredential.FromPassword(DockerRegistry.User, DockerRegistry.Password));
        using var client = new RegistryClient(registry.Address, Artifact.Quick with { Credentials = known });

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ResolveAsync("a/b", "1"));

        Assert.Equal(RegistryErrorKind.Tls, error.Kind);
        Assert.Equal(0, known.Asked);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Bearer realm=\"http://TOKENS/token\",service=\"s\",scope=\"repository:a/b:pull\"")]
    [InlineData("Negotiate")]
    public async Task A_registry_that_answers_401_without_end_is_named(string challenge)
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var proxy = new RegistryProxy(registry.Port);
        await using var tokens = new RegistryProxy(registry.Port) { OnRequest = _ => new() { Answer = "200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"token\":\"abc\"}" } };
        proxy.OnRequest = r => r.Target == "/v2/" ? null : new()
        {
            Answer = $"401 Unauthorized\r\nWWW-Authenticate: {challenge.Replace("TOKENS", tokens.Address, StringComparison.Ordinal)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        };
        using var client = new RegistryClient(proxy.Address, Artifact.Quick with { Credentials = new Known(RegistryCredential.FromPassword("u", Secret)) });

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ResolveAsync("a/b", "1"));

        Assert.Contains(error.Kind, new[] { RegistryErrorKind.Unauthorized, RegistryErrorKind.Protocol });
        Assert.InRange(proxy.Requests.Count, 2, 4);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_token_that_has_run_out_is_renewed_once()
    {
        await using var registry = await DockerRegistry.StartAsync();
        await using var proxy = new RegistryProxy(registry.Port);
        var given = 0;
        await using var tokens = new RegistryProxy(registry.Port)
        {
            OnRequest = _ => new() { Answer = $"200 OK\r\nContent-Length: 22\r\nConnection: close\r\n\r\n{{\"access_token\":\"t-{Interlocked.Increment(ref given)}\"}}" },
        };
        var accepted = "Bearer t-1";
        proxy.OnRequest = r => r.Target == "/v2/" || r.Headers.GetValueOrDefault("Authorization") == accepted ? null : new()
        {
            Answer = $"401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"http://{tokens.Address}/token\",service=\"s\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        };
        using var client = new RegistryClient(proxy.Address, Artifact.Quick);

        Assert.Null(await client.ResolveAsync("a/b", "1"));
        Assert.Null(await client.ResolveAsync("a/b", "1"));
        Assert.Equal(1, given);
        accepted = "Bearer t-2";
        Assert.Null(await client.ResolveAsync("a/b", "1"));

        Assert.Equal(2, given);
        Assert.Contains("scope=repository%3Aa%2Fb%3Apull", tokens.Requests.First().Target, StringComparison.Ordinal);
    }

    [RequiresFact(Need.Registry, Need.Skopeo)]
    public async Task A_login_of_skopeo_is_used()
    {
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Password);
        var file = Path.Combine(_folder, "auth.json");
        await Command.RunAsync("skopeo", ["login", "--tls-verify=false", "--authfile", file, "--username", DockerRegistry.User, "--password-stdin", registry.Address], DockerRegistry.Password);
        using var client = new RegistryClient(registry.Address, Artifact.Quick with { Credentials = new CredentialFiles([Path.Combine(_folder, "none.json"), file]) });

        Assert.Null(await client.ResolveAsync("a/b", "1"));
    }

    /// <summary>As a helper does that asks a person first.</summary>
    private sealed class Slow(RegistryCredential credential, TimeSpan time) : IRegistryCredentials
    {
        public async Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default)
        {
            await Task.Delay(time, cancellationToken);
            return credential;
        }
    }
}
