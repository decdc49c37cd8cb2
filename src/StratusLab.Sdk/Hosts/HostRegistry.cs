using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The hosts of a site, and the connections to them.</summary>
public sealed class HostRegistry
{
    private readonly SiteCatalogue _catalogue;
    private readonly ProviderCache _providers;
    private readonly TimeProvider _clock;

    internal HostRegistry(SiteCatalogue catalogue, ProviderCache providers, TimeProvider clock)
    {
        _catalogue = catalogue;
        _providers = providers;
        _clock = clock;
    }

    /// <summary>
    /// Registers a host: checks name and URI, connects, inspects, and decides the accelerator. Nothing is stored if any of it fails.
    /// </summary>
    /// <returns>The definition as stored, with the accelerator decided.</returns>
    /// <exception cref="InvalidInputException">A name, URI or setting is wrong (<c>InvalidName</c>, <c>InvalidHostUri</c>, <c>UnknownScheme</c>, …).</exception>
    /// <exception cref="StratusException"><c>HostAlreadyExists</c>: the name, or the machine under another name. <c>HostNotReady</c>: it answers but lacks something.</exception>
    /// <exception cref="HostConnectionException">It could not be reached.</exception>
    public async Task<HostDefinition> AddAsync(HostDefinition host, CancellationToken cancellationToken = default)
    {
        HostValidation.Validate(host);
        await RefuseClashAsync(host, null, cancellationToken).ConfigureAwait(false);
        var (added, machineId) = await ProbeAsync(host with { AddedAt = _clock.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        await _catalogue.WriteAsync(
            c =>
            {
                if (HostStore.FindClash(c, added, machineId) is { } clash) throw Exists(added, clash.Host, clash.What);
                HostStore.Insert(c, added, machineId);
                return 0;
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <summary>The registered hosts by name; no host is asked.</summary>
    public async IAsyncEnumerable<HostDefinition> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var host in await _catalogue.ReadAsync(HostStore.List, cancellationToken).ConfigureAwait(false)) yield return host;
    }

    /// <summary>One registered host; no host is asked.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>.</exception>
    public async Task<HostDefinition> GetAsync(string name, CancellationToken cancellationToken = default) =>
        await _catalogue.ReadAsync(c => HostStore.Find(c, name), cancellationToken).ConfigureAwait(false) ?? throw NotFound(name);

    /// <summary>Changes a host's registration. The host is asked only where pool, network or accelerator change.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>, or the host does not accept the change.</exception>
    public async Task<HostDefinition> SetAsync(string name, HostChange change, CancellationToken cancellationToken = default)
    {
        var old = await GetAsync(name, cancellationToken).ConfigureAwait(false);
        var changed = old with
        {
            Labels = change.Labels ?? old.Labels,
            CpuOvercommit = change.CpuOvercommit ?? old.CpuOvercommit,
            MemoryOvercommit = change.MemoryOvercommit ?? old.MemoryOvercommit,
            Accelerator = change.Accelerator ?? old.Accelerator,
            DecidedAccelerator = change.Accelerator is null ? old.DecidedAccelerator : null,
            Pool = change.Pool ?? old.Pool,
            Network = change.Network ?? old.Network,
            ImageCacheLimit = change.ImageCacheLimit is not { } limit ? old.ImageCacheLimit : limit == ByteSize.Zero ? null : limit,
            MaxVm = change.MaxVm is not { } vms ? old.MaxVm : vms == -1 ? null : vms,
            MaxVCpu = change.MaxVCpu is not { } cpus ? old.MaxVCpu : cpus == -1 ? null : cpus,
            MaxHourlyCost = change.MaxHourlyCost is not { } cost ? old.MaxHourlyCost : cost == -1 ? null : cost,
        };
        HostValidation.ValidateSettings(changed);
        if ((changed.Pool, changed.Network, changed.DecidedAccelerator) != (old.Pool, old.Network, old.DecidedAccelerator))
            (changed, _) = await ProbeAsync(changed, cancellationToken).ConfigureAwait(false);
        if (await _catalogue.WriteAsync(c => HostStore.Update(c, changed), cancellationToken: cancellationToken).ConfigureAwait(false) == 0) throw NotFound(name);
        return changed;
    }

    /// <summary>Forgets a host. Its VMs are never touched.</summary>
    /// <param name="name">The host.</param>
    /// <param name="force">Also where it still runs VMs of ours or cannot be asked.</param>
    /// <param name="cancellationToken">Stops the work; the host stays registered.</param>
    /// <exception cref="StratusException"><c>HostNotFound</c>; <c>HostInUse</c> with the number of VMs, unless forced.</exception>
    public async Task RemoveAsync(string name, bool force = false, CancellationToken cancellationToken = default)
    {
        var host = await GetAsync(name, cancellationToken).ConfigureAwait(false);
        if (!force)
        {
            var count = 0;
            await foreach (var _ in _providers.Get(host).ListAsync(VmQuery.Managed with { WithAddresses = false }, cancellationToken).ConfigureAwait(false)) count++;
            if (count > 0)
            {
                throw new StratusException(
                    "HostInUse",
                    StratusErrorKind.InvalidState,
                    $"The host '{host.Name}' still has {count} of our VMs. Remove them first, or force the removal: the VMs then go on running, unseen by this site.") { Resource = host.Name };
            }
        }

        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (await _catalogue.WriteAsync(c => HostStore.Delete(c, host.Name, now), cancellationToken: cancellationToken).ConfigureAwait(false) == 0) throw NotFound(name);
    }

    /// <summary>Capacity, use and health. A host that does not answer is <see cref="HostHealth.Unreachable"/> with the problem, not an exception.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>.</exception>
    public async Task<HostStatus> InspectAsync(string name, CancellationToken cancellationToken = default) =>
        await InspectAsync(await GetAsync(name, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Checks what the host needs, one result per check. A host that does not answer yields one failed check.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>.</exception>
    public async IAsyncEnumerable<HostCheck> TestAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var host = await GetAsync(name, cancellationToken).ConfigureAwait(false);
        HostCheck? failure = null;
        var checks = Checks(host, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (checks.ConfigureAwait(false))
        {
            while (failure is null)
            {
                try
                {
                    if (!await checks.MoveNextAsync().ConfigureAwait(false)) break;
                }
                catch (StratusException e)
                {
                    failure = new HostCheck(host.Name, "Connection", CheckResult.Failed, e.Message, $"See that '{host.Uri}' can be reached from this machine with this user's rights.");
                }

                yield return failure ?? checks.Current;
            }
        }
    }

    /// <summary>The host's provider, one per host, owned by the site. No I/O: it connects at its first call.</summary>
    /// <exception cref="StratusException"><c>HostNotFound</c>; <c>UnknownScheme</c> where no provider is loaded for it.</exception>
    public async Task<IComputeProvider> ConnectAsync(string name, CancellationToken cancellationToken = default) =>
        _providers.Get(await GetAsync(name, cancellationToken).ConfigureAwait(false));

    internal IComputeProvider ProviderOf(HostDefinition host) => _providers.Get(host);

    internal async Task<HostStatus> InspectAsync(HostDefinition host, CancellationToken cancellationToken)
    {
        try
        {
            return await _providers.Get(host).InspectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            return new HostStatus { Host = host.Name, Health = HostHealth.Unreachable, Problem = e.Message, At = _clock.GetUtcNow() };
        }
    }

    internal static StratusException NotFound(string name) =>
        new("HostNotFound", StratusErrorKind.NotFound, $"No host '{name}' is registered with this site.") { Resource = name };

    private IAsyncEnumerable<HostCheck> Checks(HostDefinition host, CancellationToken cancellationToken) =>
        _providers.Get(host).CheckAsync(cancellationToken);

    private async Task<(HostDefinition Host, string? MachineId)> ProbeAsync(HostDefinition host, CancellationToken cancellationToken)
    {
        var provider = _providers.Create(host);
        await using (provider.ConfigureAwait(false))
        {
            var status = await provider.InspectAsync(cancellationToken).ConfigureAwait(false);
            if (status.Health == HostHealth.Unreachable)
                throw new HostConnectionException("HostUnreachable", $"The host '{host.Uri}' does not answer: {status.Problem}", RequestState.NotSent) { Resource = host.Name };
            if (status.Health != HostHealth.Ready)
                throw new StratusException("HostNotReady", StratusErrorKind.InvalidState, $"The host '{host.Uri}' answers but cannot take VMs: {status.Problem}") { Resource = host.Name };
            return (host with { DecidedAccelerator = host.Accelerator == Accelerator.Auto ? status.Accelerator : host.Accelerator }, status.MachineId);
        }
    }

    private async Task RefuseClashAsync(HostDefinition host, string? machineId, CancellationToken cancellationToken)
    {
        if (await _catalogue.ReadAsync(c => HostStore.FindClash(c, host, machineId), cancellationToken).ConfigureAwait(false) is { } clash)
            throw Exists(host, clash.Host, clash.What);
    }

    private static StratusException Exists(HostDefinition host, HostDefinition known, string what) => new(
        "HostAlreadyExists",
        StratusErrorKind.AlreadyExists,
        what == "name"
            ? $"A host '{known.Name}' is registered already, as {known.Uri}."
            : $"The {what} behind '{host.Uri}' is registered already, as host '{known.Name}' ({known.Uri}). One machine is one host, or its room would be counted twice.")
    {
        Resource = known.Name,
    };
}
