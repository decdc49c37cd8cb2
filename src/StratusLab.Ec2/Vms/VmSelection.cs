using StratusLab.Core;
using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Vms;

/// <summary>A query as EC2's filters, which let a little too much through, and as the test that does not.</summary>
internal sealed class VmSelection(VmQuery query)
{
    /// <summary>The most values that one filter takes.</summary>
    public const int MaxFilterValues = 200;

    // A pattern has EC2 read all tags: beyond some, all VMs are fetched instead.
    private const int MaxPatterns = 50;

    private readonly HashSet<string> _names = new(query.Names, StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(query.Keys, StringComparer.Ordinal);
    private readonly HashSet<Guid> _requests = [.. query.RequestIds];

    public IEnumerable<Filter> Filters()
    {
        if (!query.IncludeUnmanaged) yield return new Filter { Name = "tag-key", Values = [MemberTags.First] };
        if (_keys.Count is > 0 and <= MaxFilterValues) yield return new Filter { Name = "instance-id", Values = [.. _keys] };
        if (_requests.Count is > 0 and <= MaxPatterns) yield return new Filter { Name = "tag-value", Values = [.. _requests.Select(MemberTags.Pattern)] };
        else if (_names.Count is > 0 and <= MaxPatterns && !query.IncludeUnmanaged) yield return new Filter { Name = "tag-value", Values = [.. _names.SelectMany(MemberTags.Patterns)] };
    }

    public bool Holds(VirtualMachine vm) =>
        (vm.IsManaged || query.IncludeUnmanaged)
        && (_names.Count == 0 || _names.Contains(vm.Name))
        && (_keys.Count == 0 || _keys.Contains(vm.Id.Key))
        && (_requests.Count == 0 || (vm.RequestId is { } request && _requests.Contains(request)));
}
