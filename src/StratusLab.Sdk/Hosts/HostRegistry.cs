using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The hosts of a site, and the connections to them.</summary>
public sealed class HostRegistry
{
    internal HostRegistry()
    {
    }

    /// <summary>
    /// Registers a host: checks name and URI, connects, inspects, and decides the accelerator. Nothing is stored if any of it fails.
    /// </summary>
    /// <returns>The definition as stored, with the accelerator decided.</returns>
    /// <exception cref="InvalidInputException">A name, URI or setting is wrong (<c>InvalidName</c>, <c>InvalidHostUri</c>, <c>UnknownScheme</c>, …).</exception>
    /// <exception cref="StratusException"><c>HostAlreadyExists</c>: the name, or the machine under another name. <c>HostNotReady</c>: it answers but lacks something.</exception>
    /// <exception cref="HostConnectionException">It could not be reached.</exception>
    public Task<HostDefinition> AddAsync(HostDefinition host, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The registered hosts by name; no host is asked.</summary>
    public IAsyncEnumerable<HostDefinition> ListAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>One registered host; no host is asked.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>.</exception>
    public Task<HostDefinition> GetAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes a host's registration. The host is asked only where pool, network or accelerator change.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>, or the host does not accept the change.</exception>
    public Task<HostDefinition> SetAsync(string name, HostChange change, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Forgets a host. Its VMs are never touched.</summary>
    /// <param name="name">The host.</param>
    /// <param name="force">Also where it still runs VMs of ours or cannot be asked.</param>
    /// <param name="cancellationToken">Stops the work; the host stays registered.</param>
    /// <exception cref="StratusException"><c>HostNotFound</c>; <c>HostInUse</c> with the number of VMs, unless forced.</exception>
    public Task RemoveAsync(string name, bool force = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Capacity, use and health. A host that does not answer is <see cref="HostHealth.Unreachable"/> with the problem, not an exception.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>.</exception>
    public Task<HostStatus> InspectAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Checks what the host needs, one result per check. A host that does not answer yields one failed check.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>.</exception>
    public IAsyncEnumerable<HostCheck> TestAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The host's provider, one per host, owned by the site. No I/O: it connects at its first call.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>; <c>UnknownScheme</c> where no provider is loaded for it.</exception>
    public Task<IComputeProvider> ConnectAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
