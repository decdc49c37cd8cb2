using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>One provider per host. A host whose definition changed gets a new one; the old one lives on for those who use it.</summary>
internal sealed class ProviderCache(IReadOnlyList<IComputeProviderFactory> factories, Func<string, ICallJournal> calls) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (HostDefinition Host, IComputeProvider Provider)> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IComputeProvider> _retired = [];
    private bool _disposed;

    /// <summary>Makes a provider outside the cache.</summary>
    public IComputeProvider Create(HostDefinition host)
    {
        var scheme = HostValidation.SchemeOf(host.Uri);
        var factory = factories.FirstOrDefault(f => f.Schemes.Contains(scheme))
            ?? throw new InvalidInputException(
                "UnknownScheme",
                $"No provider knows the scheme '{scheme}'. Known are: {string.Join(", ", factories.SelectMany(f => f.Schemes).Order(StringComparer.Ordinal))}.",
                "Uri") { Resource = host.Name };
        return factory.Create(host, calls(host.Name));
    }

    public IComputeProvider Get(HostDefinition host)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(StratusSite));
            if (_current.TryGetValue(host.Name, out var known))
            {
                if (IsSame(known.Host, host)) return known.Provider;
                _retired.Add(known.Provider);
            }

            var provider = Create(host);
            _current[host.Name] = (host, provider);
            return provider;
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<IComputeProvider> all;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            all = [.. _retired, .. _current.Values.Select(c => c.Provider)];
        }

        foreach (var provider in all) await provider.DisposeAsync().ConfigureAwait(false);
    }

    // Labels and ratios are placement's business.
    private static bool IsSame(HostDefinition a, HostDefinition b) =>
        (a.Name, a.Uri, a.Pool, a.Network, a.Accelerator, a.DecidedAccelerator, a.ImageCacheLimit) == (b.Name, b.Uri, b.Pool, b.Network, b.Accelerator, b.DecidedAccelerator, b.ImageCacheLimit);
}
