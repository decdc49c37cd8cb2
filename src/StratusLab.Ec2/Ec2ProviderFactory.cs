using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Images;

namespace StratusLab.Ec2;

/// <summary>Makes providers for regions of Amazon EC2.</summary>
/// <remarks>
/// A host is <c>ec2://REGION</c> with these settings, all optional: <c>profile=NAME</c> of the AWS configuration files (else the AWS SDK's own
/// chain: environment, profiles, SSO, container, instance metadata), <c>endpoint=URL</c> in place of the region's own, <c>fips=true</c>,
/// <c>dualstack=true</c>, <c>retry=standard|adaptive</c>, <c>attempts=4</c>, <c>group=NAME</c> (security group of
/// all VMs; else one with the ports that a VM asks for), <c>from=CIDR</c> (from where those ports can be reached; else <c>0.0.0.0/0</c>),
/// <c>rates=/PATH</c> (what the site pays by its own contract: a file of lines <c>region,type,market,price,disk</c>, which go before the list
/// prices), <c>bucket=NAME</c> (S3 bucket through which images come; else <c>stratuslab-ACCOUNT-REGION</c>, made when it is needed),
/// <c>s3=URL</c> in place of the region's own S3.
/// </remarks>
public sealed class Ec2ProviderFactory : IComputeProviderFactory
{
    private readonly TimeProvider _clock;

    /// <summary>Makes a factory that lives by the system's clock.</summary>
    public Ec2ProviderFactory()
        : this(TimeProvider.System)
    {
    }

    /// <summary>Makes a factory that lives by another clock.</summary>
    /// <param name="clock">Tells when waiting is over.</param>
    public Ec2ProviderFactory(TimeProvider clock) => _clock = clock;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Schemes { get; } = ["ec2"];

    /// <inheritdoc/>
    public IComputeProvider Create(HostDefinition host, ICallJournal calls)
    {
        ArgumentNullException.ThrowIfNull(host);
        var uri = Ec2Uri.Parse(host);
        var ec2 = new Ec2Client(uri.Client, _clock);
        return new Ec2Provider(host, uri, ec2, calls, _clock) { Images = MachineImageStore.Create(host, uri, ec2, calls, _clock) };
    }
}
