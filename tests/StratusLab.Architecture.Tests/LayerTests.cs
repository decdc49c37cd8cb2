using Xunit;

namespace StratusLab.Architecture.Tests;

/// <summary>Three floors: the ground knows nobody, the middle knows only the ground, the top composes.</summary>
public sealed class LayerTests
{
    // Everything that a project may know beside the framework. A project that is not here has no place in the house yet.
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["StratusLab.Core"] = [],
        ["StratusLab.Libvirt"] = [],
        ["StratusLab.Oci"] = [],
        ["StratusLab.Kvm"] = ["StratusLab.Core", "StratusLab.Libvirt"],
        ["StratusLab.Sim"] = ["StratusLab.Core"],
        ["StratusLab.Ec2"] = ["StratusLab.Core", "AWSSDK.Core", "AWSSDK.S3", "AWSSDK.SecurityToken", "AWSSDK.SSO", "AWSSDK.SSOOIDC"],
        ["StratusLab.Slurm"] = ["StratusLab.Core"],
        ["StratusLab.GridEngine"] = ["StratusLab.Core"],
        ["StratusLab.Sdk"] = ["StratusLab.Core", "StratusLab.Oci", "Microsoft.Data.Sqlite", "Npgsql", "SQLitePCLRaw.core", "SQLitePCLRaw.batteries_v2", "System.Security.Cryptography.Pkcs", "YamlDotNet"],
        ["StratusLab.PowerShell"] =
        [
            "StratusLab.Core", "StratusLab.Sdk", "StratusLab.Kvm", "StratusLab.Sim", "StratusLab.Ec2", "StratusLab.Slurm", "StratusLab.GridEngine", "System.Management.Automation",
        ],
    };

    public static TheoryData<string> SourceProjects => [.. Repository.Projects("src")];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Project_knows_only_what_its_floor_allows(string project)
    {
        Assert.True(MayKnow.TryGetValue(project, out var allowed), $"'{project}' has no place in the house: say in {nameof(LayerTests)} what it may know.");
        var forbidden = CompiledAssembly.Read(project).References.Except(allowed, StringComparer.Ordinal);
        Assert.Empty(forbidden);
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Project_is_compiled_into_an_assembly_of_its_name(string project) =>
        Assert.Equal(project, CompiledAssembly.Load(project).GetName().Name);

    /// <summary>Whoever embeds the provider can use another version of the AWS SDK, or none.</summary>
    [Fact]
    public void No_type_of_the_AWS_SDK_shows_on_the_surface_of_the_EC2_provider()
    {
        var surface = PublicSurface.Of(CompiledAssembly.Load("StratusLab.Ec2"));
        Assert.DoesNotContain(surface, line => line.Contains("Amazon", StringComparison.Ordinal) || line.Contains("AWS", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_EC2_provider_sees_the_AWS_SDK()
    {
        var seeing = Repository.Projects("src").Where(project => CompiledAssembly.Read(project).References.Any(r => r.StartsWith("AWSSDK", StringComparison.Ordinal)));
        Assert.Equal(["StratusLab.Ec2"], seeing);
    }

    [Fact]
    public void Only_the_top_sees_the_shell()
    {
        var seeing = Repository.Projects("src").Where(project => CompiledAssembly.Read(project).References.Contains("System.Management.Automation"));
        Assert.Equal(["StratusLab.PowerShell"], seeing);
    }
}
