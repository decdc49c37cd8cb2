using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

public sealed class SharedSiteTests
{
    [RequiresFact(Need.Postgres)]
    public async Task Two_machines_see_the_same_hosts_and_sizes_and_each_other()
    {
        var database = await Catalogues.NewAsync(CatalogueKind.Postgres);
        await using var one = await TestSite.OpenAsync(database: database);
        await using var two = await TestSite.OpenAsync(database: database);
        await one.AddHostsAsync(1);
        await one.Site.Sizes.AddAsync(new VmSize("own", 1, ByteSize.FromGiB(1), ByteSize.Zero));

        Assert.Equal("node1", (await two.Site.Hosts.GetAsync("NODE1")).Name);
        Assert.Equal("own", (await two.Site.Sizes.GetAsync("OWN")).Name);
        Assert.Equal((one.Site.Name, 2), (two.Site.Name, (await two.Site.InspectAsync()).LiveSessions));
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_server_that_restarts_is_a_clear_error_and_then_goes_on()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var test = await TestSite.OpenAsync(database: await server.CreateDatabaseAsync());
        await server.StopAsync();
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => test.Site.Sizes.AddAsync(new VmSize("lost", 1, ByteSize.FromGiB(1), ByteSize.Zero)));
        Assert.Equal(("CatalogueConnectionFailed", StratusErrorKind.Connection), (error.ErrorId, error.Kind));

        await server.ResumeAsync();
        await test.Site.Sizes.AddAsync(new VmSize("kept", 1, ByteSize.FromGiB(1), ByteSize.Zero));
        Assert.Equal(1, (await test.Site.InspectAsync()).LiveSessions);
        await Assert.ThrowsAsync<StratusException>(() => test.Site.Sizes.GetAsync("lost"));
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_newer_or_foreign_database_is_left_as_it_is()
    {
        await using var server = await PostgresServer.StartAsync();
        var newer = await server.CreateDatabaseAsync();
        await (await TestSite.OpenAsync(database: newer)).DisposeAsync();
        await server.SqlAsync("site1", "UPDATE stratuslab.catalogue SET version = 99");
        var error = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(database: newer));
        Assert.Equal("CatalogueTooNew", error.ErrorId);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);

        var foreign = await server.CreateDatabaseAsync();
        await server.SqlAsync("site2", "CREATE SCHEMA stratuslab; CREATE TABLE stratuslab.theirs (x INTEGER)");
        Assert.Equal("CatalogueForeign", (await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(database: foreign))).ErrorId);
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_wrong_password_a_missing_database_and_a_server_that_is_not_there_are_told_apart()
    {
        await using var server = await PostgresServer.StartAsync();
        var socket = await server.CreateDatabaseAsync();
        await server.SqlAsync("site1", "ALTER ROLE stratus PASSWORD 'right'");
        var folder = Directory.CreateTempSubdirectory("stratus-");
        var passwords = Path.Combine(folder.FullName, "pgpass");
        await File.WriteAllTextAsync(passwords, "*:*:*:*:hunter2\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(passwords, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var address = $"postgresql://stratus@127.0.0.1:{server.Port}/site1?passfile={passwords}";

        var wrong = await Assert.ThrowsAsync<HostRefusedException>(() => TestSite.OpenAsync(database: address));
        Assert.Equal(("CatalogueLoginRefused", "28P01"), (wrong.ErrorId, wrong.Code));
        Assert.DoesNotContain("hunter2", wrong.ToString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(passwords, "elsewhere:*:*:*:right\n");
        var none = await Assert.ThrowsAsync<HostConnectionException>(() => TestSite.OpenAsync(database: address));
        Assert.Contains("~/.pgpass", none.Message, StringComparison.Ordinal);

        var unread = await Assert.ThrowsAsync<StratusException>(() => TestSite.OpenAsync(database: $"{address}-not-there"));
        Assert.Equal("CatalogueUnavailable", unread.ErrorId);
        Assert.Contains($"{passwords}-not-there", unread.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(passwords, "*:*:*:*:right\n");
        await (await TestSite.OpenAsync(database: address)).DisposeAsync();

        var missing = await Assert.ThrowsAsync<HostRefusedException>(() => TestSite.OpenAsync(database: socket.Replace("site1", "nowhere", StringComparison.Ordinal)));
        Assert.Equal("CatalogueDatabaseNotFound", missing.ErrorId);

        await server.StopAsync();
        Assert.Equal("CatalogueConnectionFailed", (await Assert.ThrowsAsync<HostConnectionException>(() => TestSite.OpenAsync(database: address))).ErrorId);
        folder.Delete(recursive: true);
    }

    [RequiresFact(Need.Postgres)]
    public async Task A_certificate_that_is_not_believed_is_told_so_and_is_believed_when_it_is_named()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync();
        await server.SqlAsync("site1", "ALTER ROLE stratus PASSWORD 'right'");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await server.EnableTlsAsync(certificate, key);
        var folder = Directory.CreateTempSubdirectory("stratus-");
        var (passwords, authority) = (Path.Combine(folder.FullName, "pgpass"), Path.Combine(folder.FullName, "authority.pem"));
        await File.WriteAllTextAsync(passwords, "*:*:*:*:right\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(passwords, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem());
        var address = $"postgresql://stratus@127.0.0.1:{server.Port}/site1?passfile={passwords}&sslmode=verify-full";

        var error = await Assert.ThrowsAsync<HostConnectionException>(() => TestSite.OpenAsync(database: address));
        Assert.Equal("CatalogueConnectionFailed", error.ErrorId);
        Assert.Contains("sslrootcert", error.Message, StringComparison.Ordinal);
        await (await TestSite.OpenAsync(database: $"{address}&sslrootcert={authority}")).DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("postgresql://me:hunter2@db/site")]
    [InlineData("postgresql://me@db/site?password=hunter2")]
    public async Task A_password_in_the_address_is_refused_and_not_repeated(string address)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => TestSite.OpenAsync(database: address));
        Assert.Equal("SiteDatabasePassword", error.ErrorId);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }
}
