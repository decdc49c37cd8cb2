using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace StratusLab.Ec2.Aws;

/// <summary>Where a region's EC2 answers. The rules are those of the endpoint rule set in the EC2 service model, API version 2016-11-15.</summary>
internal sealed class Ec2EndpointProvider : IEndpointProvider
{
    private const string Region = "Region", Endpoint = "Endpoint", Fips = "UseFIPS", DualStack = "UseDualStack";

    public static EndpointParameters Parameters(IClientConfig config) => new()
    {
        [Region] = config.AuthenticationRegion,
        [Endpoint] = config.ServiceURL,
        [Fips] = config.UseFIPSEndpoint,
        [DualStack] = config.UseDualstackEndpoint,
    };

    /// <inheritdoc/>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var url = parameters[Endpoint] as string;
        return new Endpoint(string.IsNullOrEmpty(url) ? Url((string)parameters[Region], (bool)parameters[Fips], (bool)parameters[DualStack]) : url);
    }

    /// <summary>The address of a region's EC2.</summary>
    public static string Url(string region, bool fips, bool dualStack)
    {
        var partition = RegionEndpoint.GetBySystemName(region);
        // GovCloud's ordinary endpoint is the validated one.
        var host = fips && (dualStack || partition.PartitionName != "aws-us-gov") ? "ec2-fips" : "ec2";
        var suffix = !dualStack ? partition.PartitionDnsSuffix
            : partition.PartitionName == "aws-cn" ? "api.amazonwebservices.com.cn" : "api.aws";
        return $"https://{host}.{region}.{suffix}";
    }
}
