using System.Text.Json;
using System.Text.Json.Serialization;
using StratusLab.Core;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>Puts requests together that one launch can serve: they differ in nothing but name, identity and why they were placed here.</summary>
internal static partial class LaunchGroups
{
    // More would make one refusal dear, and their names take more tags than an instance can have.
    private const int MaxMembers = 200;

    /// <summary>The requests in launches, in the order given.</summary>
    public static IEnumerable<IReadOnlyList<VmRequest>> Of(IEnumerable<VmRequest> requests)
    {
        foreach (var alike in requests.GroupBy(Facts, StringComparer.Ordinal))
        {
            var room = VmTags.MaxAtLaunch - VmTags.CommonCount(alike.First());
            var members = new List<VmRequest>();
            foreach (var request in alike)
            {
                members.Add(request);
                if (members.Count == 1 || (members.Count <= MaxMembers && MemberTags.Of(members).Count() <= room)) continue;
                members.RemoveAt(members.Count - 1);
                yield return members;
                members = [request];
            }

            yield return members;
        }
    }

    private static string Facts(VmRequest request)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in request.Labels) labels[key] = value;
        var common = request with { RequestId = Guid.Empty, Name = "", PlacementReason = null, Labels = labels };
        return JsonSerializer.Serialize(common, RequestJson.Default.VmRequest);
    }

    [JsonSerializable(typeof(VmRequest))]
    [JsonSerializable(typeof(SortedDictionary<string, string>))]
    private sealed partial class RequestJson : JsonSerializerContext;
}
