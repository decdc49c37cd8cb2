using System.Management.Automation;
using System.Text.RegularExpressions;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>
/// The VMs that one call of a cmdlet was given, by object or by name, gathered over the pipeline so that the hosts are asked once.
/// </summary>
internal sealed partial class VmSelection
{
    private readonly Dictionary<VmId, VirtualMachine> _vms = [];
    private readonly List<(string Name, string[] Hosts)> _names = [];

    /// <summary>Takes VMs that are known.</summary>
    public void Add(IEnumerable<VirtualMachine> vms)
    {
        foreach (var vm in vms) _vms.TryAdd(vm.Id, vm);
    }

    /// <summary>Takes names with wildcards, on any host or only on some.</summary>
    public void Add(IEnumerable<string> names, string[]? hosts) => _names.AddRange(names.Select(name => (name, hosts ?? [])));

    /// <summary>Finds what was named. A name without wildcards that is not found is an error of its own; hosts that do not answer are told.</summary>
    /// <param name="site">The site.</param>
    /// <param name="pipeline">Where errors go.</param>
    /// <param name="filter">What else must hold, and how much to look up.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<IReadOnlyList<VirtualMachine>> ResolveAsync(StratusSite site, IPipeline pipeline, VmFilter filter, CancellationToken cancellationToken)
    {
        await FindAsync(site, pipeline, filter, Keep, cancellationToken).ConfigureAwait(false);
        return [.. _vms.Values.OrderBy(vm => vm.Name, StringComparer.OrdinalIgnoreCase)];

        ValueTask Keep(VirtualMachine vm)
        {
            _vms.TryAdd(vm.Id, vm);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Finds what was named and hands over each VM as its host answers.</summary>
    public async Task FindAsync(
        StratusSite site, IPipeline pipeline, VmFilter filter, Func<VirtualMachine, ValueTask> take, CancellationToken cancellationToken)
    {
        if (_names.Count == 0) return;
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var hostErrors = new List<StratusException>();
        var query = filter with
        {
            Names = [.. _names.Select(n => ToFilter(n.Name)).Distinct(StringComparer.OrdinalIgnoreCase)],
            HostNames = _names.TrueForAll(n => n.Hosts.Length > 0) ? [.. _names.SelectMany(n => n.Hosts).Distinct(StringComparer.OrdinalIgnoreCase)] : [],
        };
        await foreach (var vm in site.Vms.ListAsync(query, Collect, cancellationToken).ConfigureAwait(false))
        {
            var wanted = false;
            foreach (var (name, hosts) in _names)
            {
                if (!Matches(name, vm.Name) || (hosts.Length > 0 && !Array.Exists(hosts, h => Matches(h, vm.Host)))) continue;
                wanted = true;
                found.Add(name);
            }

            if (wanted) await take(vm).ConfigureAwait(false);
        }

        foreach (var error in hostErrors) await pipeline.WriteErrorAsync(error.ToErrorRecord()).ConfigureAwait(false);
        foreach (var name in _names.Select(n => n.Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name) && !found.Contains(name))
                await pipeline.WriteErrorAsync(ErrorRecords.VmNotFound(name)).ConfigureAwait(false);
        }

        void Collect(StratusException error)
        {
            lock (hostErrors) hostErrors.Add(error);
        }
    }

    /// <summary>A pattern of PowerShell in the words of a filter, which knows no sets: it may match more, never less.</summary>
    internal static string ToFilter(string pattern) => Set().Replace(pattern.Replace("`", string.Empty, StringComparison.Ordinal), "?");

    private static bool Matches(string pattern, string name) => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(name);

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Set();
}
