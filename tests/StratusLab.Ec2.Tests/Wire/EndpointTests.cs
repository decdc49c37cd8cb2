using StratusLab.Ec2.Aws;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Ec2.Tests.Wire;

/// <summary>The addresses of regions, as botocore finds them by the rules that come with the service model.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("eu-west-1", false, false, "https://ec2.eu-west-1.amazonaws.com")]
    [InlineData("us-east-1", true, false, "https://ec2-fips.us-east-1.amazonaws.com")]
    [InlineData("eu-west-1", false, true, "https://ec2.eu-west-1.api.aws")]
    [InlineData("us-west-2", true, true, "https://ec2-fips.us-west-2.api.aws")]
    [InlineData("us-gov-west-1", true, false, "https://ec2.us-gov-west-1.amazonaws.com")]
    [InlineData("cn-north-1", false, false, "https://ec2.cn-north-1.amazonaws.com.cn")]
    [InlineData("cn-north-1", false, true, "https://ec2.cn-north-1.api.amazonwebservices.com.cn")]
    [InlineData("eu-south-7", false, false, "https://ec2.eu-south-7.amazonaws.com")]
    public void Region_has_its_endpoint(string region, bool fips, bool dualStack, string url) => Assert.Equal(url, Ec2EndpointProvider.Url(region, fips, dualStack));

    [RequiresFact(Need.Boto3)]
    public async Task Regions_have_the_endpoints_that_botocore_finds()
    {
        const string Script =
            """
            import itertools, boto3, botocore.config
            for region, fips, dual in itertools.product(["eu-west-1", "us-east-1", "ap-southeast-2", "us-gov-west-1", "us-gov-east-1", "cn-north-1"], [False, True], [False, True]):
                if region.startswith("cn") and fips: continue
                config = botocore.config.Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual)
                print(region, fips, dual, boto3.client("ec2", region_name=region, config=config).meta.endpoint_url)
            """;
        var result = await Command.RunAsync("/usr/bin/python3", ["-c", Script]);
        foreach (var parts in result.Trim().Split('\n').Select(line => line.Split(' ')))
            Assert.Equal((parts[0], parts[3]), (parts[0], Ec2EndpointProvider.Url(parts[0], parts[1] == "True", parts[2] == "True")));
    }
}
